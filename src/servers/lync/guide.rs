//! What leads through the scripts: the order of work with where each step runs, the topology before, the check after.

use crate::edge::{Deployment, KeyMaker};
use crate::name::Name;
use crate::servers::draft::Draft;
use crate::servers::powershell::{self, Command, quote};
use crate::servers::product::OutFile;
use crate::text::{Text, say};

use super::certificate::{file_stem, types};

/// The files, in the order of work.
pub(super) fn files(deployment: &Deployment, text: &Text) -> Vec<OutFile> {
    vec![read_me_first(deployment, text), topology(deployment, text), verify(deployment, text)]
}

/// `lync/00-read-me-first.txt`: each file in the order of work, and where it runs.
fn read_me_first(deployment: &Deployment, text: &Text) -> OutFile {
    let by_windows = deployment.request.key_by == KeyMaker::Lync;
    let certificate = format!("{}.ps1", file_stem(deployment.request.usage));
    let steps = [
        ("05-topology.ps1", "guide-topology", true),
        ("10-request.ps1", "guide-request", by_windows),
        (certificate.as_str(), "guide-certificate", true),
        ("30-partners.ps1", "guide-partners", true),
        ("40-policy.ps1", "guide-policy", true),
        ("..\\dns\\records.ps1", "guide-dns", true),
        ("60-firewall.ps1", "guide-firewall", true),
        ("70-verify.ps1", "guide-verify", true),
    ];
    let mut draft = Draft::new(text, "");
    let name = deployment.first_name();
    draft.line(text.say(&say("guide-title").with("name", name)));
    draft.gap();
    draft.line(text.say(&say("guide-how")));
    for (number, (file, what, _)) in (1..).zip(steps.into_iter().filter(|(.., is_there)| *is_there)) {
        draft.gap();
        draft.line(text.say(&say("guide-step").with("number", number).with("file", file).with("what", say(what))));
    }
    let mut file = draft.file("lync/00-read-me-first.txt");
    // Notepad knows no other line ends before Windows 10.
    file.content = file.content.replace('\n', "\r\n");
    file
}

/// `lync/05-topology.ps1`: the way that XMPP federation takes, and the roles that come with it; what only Topology Builder
/// can do stands in its remarks.
fn topology(deployment: &Deployment, text: &Text) -> OutFile {
    let mut draft = Draft::new(text, "#");
    draft.remark(&say("file-made").with("name", deployment.first_name()));
    draft.remark(&say("file-topology-where"));
    draft.remark(&say("file-topology-builder"));
    let edge = deployment.edge.internal.as_ref().filter(|name| name.is_sound()).map_or("", Name::ascii);
    powershell::parameters(&mut draft, &["[string]$Site", &format!("[string]$Edge = {}", quote(edge))]);
    draft.remark(&say("file-topology-route"));
    draft.line("if ($Site -and $Edge) {");
    draft.line("    Set-CsSite $Site -XmppFederationRoute ('EdgeServer:' + $Edge)");
    draft.line("}");
    draft.remark(&say("file-topology-enable"));
    draft.line("Enable-CsComputer");
    powershell::file("lync/05-topology.ps1", draft)
}

/// `lync/70-verify.ps1`: what shows that it works.
fn verify(deployment: &Deployment, text: &Text) -> OutFile {
    let mut draft = Draft::new(text, "#");
    draft.remark(&say("file-made").with("name", deployment.first_name()));
    draft.remark(&say("file-verify-where"));
    powershell::parameters(&mut draft, &["[string]$Pool", "[string]$Receiver"]);
    draft.line("if ($Pool -and $Receiver) {");
    draft.remark(&say("file-verify-inside"));
    draft.line("    Test-CsXmppIM -TargetFqdn $Pool -Receiver $Receiver");
    draft.line("} else {");
    draft.remark(&say("file-verify-edge"));
    draft.line("    netstat -ano | Select-String -Pattern ':5269\\s', ':23456\\s'");
    draft.line(format!(
        "    {}",
        Command::new("Get-CsCertificate").bare("Type", &types(deployment.request.usage, deployment))
    ));
    for domain in deployment.edge.xmpp_domains.iter().filter(|domain| domain.is_sound()) {
        draft.line(format!("    nslookup -type=SRV {}", quote(&format!("_xmpp-server._tcp.{}", domain.ascii()))));
    }
    draft.line("}");
    powershell::file("lync/70-verify.ps1", draft)
}
