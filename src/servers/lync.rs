//! Scripts for Lync Server 2013 and Skype for Business Server 2015.
//!
//! Sources: the help of the cmdlets (`Request-CsCertificate`, `*-CsXmppAllowedPartner`, `*-CsExternalAccessPolicy`,
//! `Set-CsAccessEdgeConfiguration`); only parameters that stand there are written.

mod certificate;
mod guide;

use std::path::Path;

use super::draft::Draft;
use super::firewall;
use super::installation::Local;
use super::partners::{domains, partners as workable};
use super::powershell::{self, Command, list, quote};
use super::product::{Enforced, OutFile, Product};
use crate::edge::{
    Authority, Deployment, KeyMaker, Method, NameReason, NamedFor, Negotiation, Partner, PartnerType, Policy,
    Requirement, Server, Usage, is_not_enforced, negotiate,
};
use crate::home::is_windows_path;
use crate::name::Name;
use crate::pki::{Certificate, KeyKind};
use crate::text::{Message, Text, say};

/// Lync Server or Skype for Business Server.
pub(super) struct Lync;

impl Product for Lync {
    fn request(&self, deployment: &Deployment, text: &Text) -> Vec<OutFile> {
        request(deployment, text).into_iter().collect()
    }

    fn certificate(
        &self,
        deployment: &Deployment,
        certificate: &Certificate,
        usage: Usage,
        text: &Text,
    ) -> Vec<OutFile> {
        certificate::script(deployment, certificate, usage, text)
    }

    fn is_for_certificate(&self, file: &Path) -> bool {
        let name = file.to_str().and_then(|file| file.strip_prefix("lync/"));
        let stem = name.and_then(|name| name.split_once('.')).map(|(stem, _)| stem);
        Usage::ALL.into_iter().any(|usage| stem == Some(certificate::file_stem(usage)))
    }

    fn partners(&self, deployment: &Deployment, text: &Text) -> Vec<OutFile> {
        vec![partners(deployment, text)]
    }

    fn policy(&self, deployment: &Deployment, text: &Text) -> Vec<OutFile> {
        vec![policy(deployment, text)]
    }

    fn local(&self) -> Option<&'static dyn Local> {
        None
    }

    fn guide(&self, deployment: &Deployment, text: &Text) -> Vec<OutFile> {
        guide::files(deployment, text)
    }

    fn firewall(&self, deployment: &Deployment, text: &Text) -> Vec<OutFile> {
        vec![firewall::powershell(deployment, text)]
    }

    fn enforces(&self, asked: Negotiation) -> Enforced {
        let limits = is_not_enforced(Server::Lync, asked).then(|| say("limit-sasl-not-enforced"));
        // The product's own table has it so: a warning of its own, and no reason to refuse.
        Enforced { methods: negotiate(Server::Lync, asked).methods, limits: limits.into_iter().collect() }
    }

    fn unlisted_allowed(&self) -> Message {
        say("unlisted-default")
    }

    fn caution(&self) -> Option<Message> {
        Some(say("server-lync-support"))
    }

    fn prerequisites(&self) -> Vec<Message> {
        ["before-move-users", "before-branch-users", "before-in-parallel"].map(say).into()
    }

    fn first_to_do(&self) -> Vec<Message> {
        vec![say("to-do-lync-topology"), say("to-do-lync-setup")]
    }

    fn still_to_do(&self, deployment: &Deployment) -> Vec<Message> {
        let name = certificate::file_stem(deployment.request.usage);
        let members: Vec<&str> = deployment.edge.pool.iter().map(Name::ascii).collect();
        let on_pool = |step: Message| step.with("count", members.len()).with("members", members.join(", "));
        let script = |step: &'static str| say(step).with("name", name);
        let certificate = match deployment.request.key_by {
            KeyMaker::Edgewright => {
                let pfx = script("to-do-pfx").with("usage", deployment.request.usage.name());
                vec![pfx, on_pool(script("to-do-import-pfx"))]
            }
            KeyMaker::Lync => {
                let others = (!members.is_empty()).then(|| on_pool(say("to-do-import-on-pool")));
                [script("to-do-import-certificate")].into_iter().chain(others).collect()
            }
        };
        let is_own = deployment.request.authority == Authority::Private;
        let root = is_own.then(|| say("to-do-lync-root"));
        let scripts = ["to-do-lync-partners", "to-do-lync-firewall"].map(say);
        root.into_iter().chain(certificate).chain(scripts).collect()
    }

    fn last_to_do(&self) -> Option<Message> {
        Some(say("to-do-lync-verify"))
    }
}

/// `lync/10-request.ps1`, where Windows makes the key.
fn request(deployment: &Deployment, text: &Text) -> Option<OutFile> {
    let request = &deployment.request;
    if request.key_by != KeyMaker::Lync {
        return None;
    }
    let mut draft = Draft::new(text, "#");
    draft.remark(&say("file-made").with("name", deployment.first_name()));
    draft.remark(&say("file-request-where"));
    if !request.exportable {
        draft.remark(&say("file-request-exportable"));
    }
    draft.remark(&say("file-request-names"));
    for NamedFor { name, .. } in &deployment.names {
        draft.remark(&say("file-request-name").with("name", name.ascii()));
    }

    let mut command = Command::new("Request-CsCertificate")
        .switch("New")
        .bare("Type", &certificate::types(deployment.request.usage, deployment))
        .bare("Output", "$output")
        .any_text("FriendlyName", &request.friendly_name);
    command = match request.key {
        None => command,
        Some(KeyKind::EcdsaP256) => command.bare("KeyAlg", "ECDH_P256"),
        Some(KeyKind::EcdsaP384) => command.bare("KeyAlg", "ECDH_P384"),
        Some(rsa @ (KeyKind::Rsa2048 | KeyKind::Rsa3072 | KeyKind::Rsa4096)) => {
            let size = if rsa == KeyKind::Rsa2048 { "2048" } else { "4096" };
            if rsa == KeyKind::Rsa3072 {
                draft.remark(&say("file-request-key-size").with("wanted", rsa.name()).with("size", size));
            }
            command.bare("KeyAlg", "RSA").bare("KeySize", size)
        }
    };
    let subject = &request.subject;
    command = command
        .truth("PrivateKeyExportable", request.exportable)
        .any_text("Organization", &subject.organization)
        .any_text("OU", &subject.unit)
        .any_text("City", &subject.city)
        .any_text("State", &subject.state)
        .any_text("Country", &subject.country)
        .any_text("DomainName", &names_beyond_topology(deployment))
        .any_text("Template", &request.template);
    if request.client_eku {
        command = command.truth("ClientEKU", true);
    }
    powershell::parameters(&mut draft, &[]);
    draft.line(format!("$output = {}", output(deployment)));
    draft.line("if (Test-Path -LiteralPath $output) {");
    draft.line(format!("    throw {}", quote(&text.say(&say("file-request-exists")))));
    draft.line("}");
    draft.line(command.to_string());
    Some(powershell::file("lync/10-request.ps1", draft))
}

/// The names that the topology does not give by itself, with commas between them: the cmdlet takes one string.
fn names_beyond_topology(deployment: &Deployment) -> String {
    let from_topology = [NameReason::AccessEdge, NameReason::WebConferencing, NameReason::InternalEdge];
    let names = deployment.names.iter().filter(|named| !from_topology.contains(&named.reason) && named.name.is_sound());
    names.map(|named| named.name.ascii()).collect::<Vec<_>>().join(",")
}

/// The request's file, without its folder: on Windows it lies beside the script.
/// Where Windows writes the request: at the absolute path that was said, as Windows has them, else beside the script.
fn output(deployment: &Deployment) -> String {
    let said = deployment.request.file.to_string_lossy();
    if is_windows_path(&said) {
        return quote(&said);
    }
    format!("($PSScriptRoot + {})", quote(&format!("\\{}", file_name(deployment))))
}

fn file_name(deployment: &Deployment) -> String {
    let file = deployment.request.file.file_name().map(|name| name.to_string_lossy().into_owned());
    file.unwrap_or_else(|| format!("{}.req", deployment.first_name()))
}

/// `lync/30-partners.ps1`: the partners as they shall be, however often it is run.
fn partners(deployment: &Deployment, text: &Text) -> OutFile {
    let mut draft = Draft::new(text, "#");
    draft.remark(&say("file-made").with("name", deployment.first_name()));
    draft.remark(&say("file-partners-where"));
    powershell::parameters(&mut draft, &[]);
    let partners: Vec<&Partner> = workable(&Lync, deployment).collect();
    if partners.is_empty() {
        draft.remark(&say("file-partners-none"));
    }
    for partner in &partners {
        draft.gap();
        if Lync.enforces(partner.negotiation).methods.contains(&Method::TcpDialback) {
            draft.remark(&say("file-partners-clear-text").with("domain", partner.domain.both()));
        }
        draft.line(format!("if (Get-CsXmppAllowedPartner -Filter {}) {{", quote(partner.domain.ascii())));
        draft.line(format!("    {}", set(partner)));
        draft.line("} else {");
        draft.line(format!("    {}", new(partner)));
        draft.line("}");
    }
    draft.gap();
    if deployment.federation.refuse_unlisted {
        draft.remark(&say("file-partners-unlisted"));
        draft.line(format!("$listed = @({})", list(partners.iter().map(|partner| partner.domain.ascii()))));
        draft.line("foreach ($partner in Get-CsXmppAllowedPartner) {");
        draft.line("    if ($listed -notcontains $partner.Identity) {");
        draft.line("        Remove-CsXmppAllowedPartner -Identity $partner.Identity -Confirm");
        draft.line("    }");
        draft.line("}");
    } else {
        draft.remark(&say("file-partners-kept"));
    }
    powershell::file("lync/30-partners.ps1", draft)
}

/// Changes a partner that exists. What is empty in the answers is emptied there as well.
fn set(partner: &Partner) -> String {
    let additional = match additional_domains(partner) {
        none if none.is_empty() => "$null".to_owned(),
        some => format!("@{{Replace={some}}}"),
    };
    let command = Command::new("Set-CsXmppAllowedPartner").text("Identity", partner.domain.ascii());
    settings(command.bare("AdditionalDomains", &additional).text("Description", &partner.description), partner)
}

/// Makes a partner.
fn new(partner: &Partner) -> String {
    let mut command = Command::new("New-CsXmppAllowedPartner").text("Identity", partner.domain.ascii());
    let additional = additional_domains(partner);
    if !additional.is_empty() {
        command = command.bare("AdditionalDomains", &additional);
    }
    settings(command.any_text("Description", &partner.description), partner)
}

fn additional_domains(partner: &Partner) -> String {
    list(domains(partner).skip(1))
}

fn settings(command: Command, partner: &Partner) -> String {
    let kind = match partner.kind {
        PartnerType::Federated => "Federated",
        PartnerType::PublicVerified => "PublicVerified",
        PartnerType::PublicUnverified => "PublicUnverified",
    };
    command
        .bare("PartnerType", kind)
        .bare("TlsNegotiation", requirement(partner.negotiation.tls))
        .bare("SaslNegotiation", requirement(partner.negotiation.sasl))
        .truth("SupportDialbackNegotiation", partner.negotiation.dialback)
        .truth("EnableKeepAlive", partner.keep_alive)
        .to_string()
}

fn requirement(requirement: Requirement) -> &'static str {
    match requirement {
        Requirement::Required => "Required",
        Requirement::Optional => "Optional",
        Requirement::NotSupported => "NotSupported",
    }
}

/// `lync/40-policy.ps1`: the access edge lets federation through, and a policy lets users take part.
fn policy(deployment: &Deployment, text: &Text) -> OutFile {
    let policy = &deployment.policy;
    let mut draft = Draft::new(text, "#");
    draft.remark(&say("file-made").with("name", deployment.first_name()));
    draft.remark(&say("file-policy-where"));
    powershell::parameters(&mut draft, &[]);
    draft.remark(&say("file-policy-edge"));
    let edge = Command::new("Set-CsAccessEdgeConfiguration");
    draft.line(edge.truth("AllowFederatedUsers", policy.allow_federated_users).to_string());
    draft.gap();
    match policy.scope.split_once(':') {
        None if policy.scope == "global" => {
            draft.remark(&say("file-policy-global"));
            draft.line(access(policy, "Set-CsExternalAccessPolicy", "global").to_string());
        }
        Some(("site", _)) => {
            draft.remark(&say("file-policy-site"));
            new_or_set(&mut draft, policy, &policy.scope);
        }
        Some(("user", name)) => {
            draft.remark(&say("file-policy-user"));
            new_or_set(&mut draft, policy, name);
            grant(&mut draft, policy, name);
        }
        // No such scope: the run was refused.
        _ => {}
    }
    powershell::file("lync/40-policy.ps1", draft)
}

/// Makes the policy, or changes it where making fails because it exists. Where both fail, the second error is shown.
fn new_or_set(draft: &mut Draft<'_>, policy: &Policy, identity: &str) {
    let new = access(policy, "New-CsExternalAccessPolicy", identity).bare("ErrorAction", "Stop");
    draft.line(format!("try {{ {new} }}"));
    draft.line(format!("catch {{ {} }}", access(policy, "Set-CsExternalAccessPolicy", identity)));
}

/// Grants the policy to those who are named, and to nobody else.
fn grant(draft: &mut Draft<'_>, policy: &Policy, name: &str) {
    let grant = || Command::new("Grant-CsExternalAccessPolicy");
    draft.gap();
    if policy.grant.is_empty() {
        draft.remark(&say("file-policy-grant-none"));
        draft.remark(&say("file-policy-grant-how").with("policy", quote(name)));
    }
    if policy.is_for_all() {
        draft.line(format!("Get-CsUser | {}", grant().text("PolicyName", name)));
        return;
    }
    for user in &policy.grant {
        draft.line(grant().text("Identity", user).text("PolicyName", name).to_string());
    }
}

fn access(policy: &Policy, cmdlet: &str, identity: &str) -> Command {
    Command::new(cmdlet)
        .text("Identity", identity)
        .truth("EnableFederationAccess", policy.federation_access)
        .truth("EnableXmppAccess", policy.xmpp_access)
}
