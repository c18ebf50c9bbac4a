//! The script that puts an issued certificate into service.

use crate::edge::{Deployment, KeyMaker, Usage};
use crate::pki::Certificate;
use crate::servers::draft::Draft;
use crate::servers::powershell::{self, Command, quote};
use crate::servers::product::OutFile;
use crate::text::{Text, say};

/// `lync/20-certificate.ps1`, for the internal interface `lync/20-certificate-internal.ps1`: the certificate goes into the
/// store and is assigned; the services start again only where that changed something. Where Windows has the key the
/// certificate lies beside the script; else a PFX is to be put there.
pub(super) fn script(deployment: &Deployment, certificate: &Certificate, usage: Usage, text: &Text) -> Vec<OutFile> {
    let name = file_stem(usage);
    let is_in_windows = deployment.request.key_by == KeyMaker::Lync;
    let sent = format!("{name}.{}", if is_in_windows { "cer" } else { "pfx" });
    let mut draft = Draft::new(text, "#");
    // The answers may be about the other interface by now.
    let name_of = certificate.dns_names.first().map_or_else(|| deployment.first_name(), String::as_str);
    draft.remark(&say("file-made").with("name", name_of));
    draft.remark(&say("file-certificate-where"));
    if !is_in_windows {
        draft.remark(&say("file-certificate-pfx").with("file", sent.as_str()));
    }
    powershell::parameters(&mut draft, &[]);
    draft.line(format!("$sent = ($PSScriptRoot + {})", quote(&format!("\\{sent}"))));
    draft.line(format!("$thumbprint = {}", quote(&certificate.thumbprint())));
    draft.line("if (-not (Test-Path -LiteralPath ('Cert:\\LocalMachine\\My\\' + $thumbprint))) {");
    let import = Command::new("Import-CsCertificate").bare("Path", "$sent");
    if is_in_windows {
        draft.line(format!("    {}", import.truth("PrivateKeyExportable", deployment.request.exportable)));
    } else {
        import_pfx(&mut draft, import.bare("Password", PASSWORD), deployment.request.exportable, text);
    }
    draft.line("}");
    let types = types(usage, deployment);
    let count = types.split(',').count();
    let assigned = Command::new("Get-CsCertificate").bare("Type", &types);
    draft.line(format!("$assigned = @({assigned} | Where-Object {{ $_.Thumbprint -eq $thumbprint }})"));
    draft.line(format!("if ($assigned.Count -lt {count}) {{"));
    let assign = Command::new("Set-CsCertificate").bare("Type", &types).bare("Thumbprint", "$thumbprint");
    draft.line(format!("    {assign}"));
    draft.line("    Stop-CsWindowsService");
    draft.line("    Start-CsWindowsService");
    draft.line("} else {");
    draft.line(format!("    {}", quote(&text.say(&say("file-certificate-assigned")))));
    draft.line("}");
    let script = powershell::file(&format!("lync/{name}.ps1"), draft);
    let certificate = is_in_windows.then(|| OutFile { path: format!("lync/{sent}"), content: certificate.pem() });
    certificate.into_iter().chain([script]).collect()
}

/// The cmdlet takes the password as a string.
const PASSWORD: &str = "([Runtime.InteropServices.Marshal]::PtrToStringBSTR($password))";

/// Imports a PFX, whose password nobody sees and which is cleared after it; a run that only looks asks for none.
fn import_pfx(draft: &mut Draft<'_>, import: Command, exportable: bool, text: &Text) {
    let prompt = quote(&text.say(&say("file-certificate-password")));
    draft.line("    if ($PSCmdlet.ShouldProcess($sent)) {");
    draft.line(format!("        $secure = Read-Host -AsSecureString -Prompt {prompt}"));
    draft.line("        $password = [Runtime.InteropServices.Marshal]::SecureStringToBSTR($secure)");
    draft.line("        try {");
    draft.line(format!("            {}", import.truth("PrivateKeyExportable", exportable)));
    draft.line("        } finally {");
    draft.line("            [Runtime.InteropServices.Marshal]::ZeroFreeBSTR($password)");
    draft.line("        }");
    draft.line("    }");
}

/// What the files for the certificate of an interface are called, without their ends.
pub(super) fn file_stem(usage: Usage) -> &'static str {
    match usage {
        Usage::External => "20-certificate",
        Usage::Internal => "20-certificate-internal",
    }
}

/// The usages of the certificate. Asking for a role that is not installed fails, so XMPP is asked for only where there is
/// an XMPP domain.
pub(super) fn types(usage: Usage, deployment: &Deployment) -> String {
    match usage {
        Usage::Internal => "Internal".to_owned(),
        Usage::External => {
            let xmpp = if deployment.edge.xmpp_domains.is_empty() { "" } else { ",XmppServer" };
            format!("AccessEdgeExternal,DataEdgeExternal,AudioVideoAuthentication{xmpp}")
        }
    }
}
