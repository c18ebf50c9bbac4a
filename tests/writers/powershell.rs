//! The scripts parse, and hold nothing but known cmdlets with known parameters, whatever a person said.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use edgewright::edge::{Deployment, KeyMaker, Requirement, Server, Usage, names};
use edgewright::name::Name;
use edgewright::pki::{Certificate, KeyKind};
use edgewright::servers::{OutFile, product};
use edgewright::text::Text;
use tree_sitter::{Node, Parser};

use crate::sample::{contoso, partner};
use crate::{all_files, file, paths};

const TABLE: &str = include_str!("../powershell/cmdlets.txt");
const COMMON: [&str; 3] = ["-confirm", "-whatif", "-erroraction"];
const BYTE_ORDER_MARK: char = '\u{FEFF}';
const QUOTES: [char; 4] = ['\u{2018}', '\u{2019}', '\u{201A}', '\u{201B}'];

/// Values that try to leave their place.
const HOSTILE: [&str; 9] = [
    "it's",
    "\u{2018}a\u{2019} \u{201A}b\u{201B}",
    "\u{2019}; Remove-CsXmppAllowedPartner x; \u{2019}",
    "$(Remove-CsXmppAllowedPartner x)",
    "`n `' `\" \"q\"",
    "#> <# #",
    "\u{202E}gnp.exe\u{200F}",
    "two\r\nlines\nand\u{2028}more",
    "-Force; & { } @' '@ | %",
];

#[test]
fn the_sample_and_hostile_values_give_scripts_that_parse_and_hold_known_commands_only() {
    for files in samples() {
        let scripts = files.iter().filter(|file| is_script(&file.path));
        // PowerShell takes five characters for a single quote and tree-sitter one: as read by either.
        let both = |script: &str| [faults(script), faults(&script.replace(QUOTES, "'"))].concat();
        let wrong: Vec<_> = scripts.map(|script| (&script.path, both(&script.content))).collect();
        assert!(wrong.iter().all(|(_, faults)| faults.is_empty()), "{wrong:#?}");
    }
}

#[test]
fn a_hostile_value_adds_no_command() {
    let calm = commands(&file(&all_files(&contoso(Server::Lync)), "lync/30-partners.ps1"));
    for (said, files) in HOSTILE.iter().zip(samples().into_iter().skip(1)) {
        let script = file(&files, "lync/30-partners.ps1").replace(QUOTES, "'");
        assert_eq!(commands(&script), calm, "{said:?}");
    }
}

#[test]
fn every_path_of_the_contract_is_written() {
    let mut deployment = contoso(Server::Lync);
    assert_eq!(
        paths(&all_files(&deployment)),
        [
            "lync/30-partners.ps1",
            "lync/40-policy.ps1",
            "dns/contoso.com.records",
            "dns/fabrikam.com.records",
            "dns/records.ps1",
            "dns/records.nsupdate",
            "dns/octodns/contoso.com.yaml",
            "dns/powerdns/contoso.com.json",
            "dns/route53/contoso.com.json",
            "dns/octodns/fabrikam.com.yaml",
            "dns/powerdns/fabrikam.com.json",
            "dns/route53/fabrikam.com.json",
            "lync/60-firewall.ps1",
            "lync/00-read-me-first.txt",
            "lync/05-topology.ps1",
            "lync/70-verify.ps1"
        ]
    );
    deployment.request.key_by = KeyMaker::Lync;
    assert_eq!(paths(&all_files(&deployment))[0], "lync/10-request.ps1");
}

#[test]
fn the_request_names_what_the_topology_does_not_and_asks_for_xmpp_only_where_there_is_a_domain() {
    let mut deployment = contoso(Server::Lync);
    deployment.request.key_by = KeyMaker::Lync;
    let script = file(&all_files(&deployment), "lync/10-request.ps1");
    for part in [
        "-Type AccessEdgeExternal,DataEdgeExternal,AudioVideoAuthentication,XmppServer ",
        "$output = ($PSScriptRoot + '\\contoso-edge.req')\nif (Test-Path -LiteralPath $output) {\n    throw ",
        "-Output $output ",
        "-KeyAlg RSA -KeySize 2048",
        "-Organization 'Contoso Ltd' -City 'Redmond' -State 'Washington' -Country 'US'",
        "-DomainName 'sip.fabrikam.com,contoso.com'",
    ] {
        assert!(script.contains(part), "{part} in {script}");
    }
    for absent in ["-OU", "-Template", "-ClientEKU", "-CaPassword"] {
        assert!(!script.contains(absent), "{absent} in {script}");
    }

    deployment.edge.xmpp_domains.clear();
    deployment.names = names(&deployment);
    assert!(!file(&all_files(&deployment), "lync/10-request.ps1").contains("XmppServer"));

    deployment.request.usage = Usage::Internal;
    deployment.names = names(&deployment);
    let script = file(&all_files(&deployment), "lync/10-request.ps1");
    assert!(script.contains("-Type Internal ") && !script.contains("-DomainName"), "{script}");
}

#[test]
fn a_key_size_the_cmdlet_does_not_know_is_rounded_up_and_said() {
    let mut deployment = contoso(Server::Lync);
    deployment.request.key_by = KeyMaker::Lync;
    deployment.request.key = Some(KeyKind::Rsa3072);
    let script = file(&all_files(&deployment), "lync/10-request.ps1");
    assert!(script.contains("rsa-3072") && script.contains("-KeySize 4096"), "{script}");
    deployment.request.key = Some(KeyKind::EcdsaP384);
    let script = file(&all_files(&deployment), "lync/10-request.ps1");
    assert!(script.contains("-KeyAlg ECDH_P384") && !script.contains("-KeySize"), "{script}");
}

#[test]
fn a_partner_is_made_or_set_with_every_field() {
    let script = file(&all_files(&contoso(Server::Lync)), "lync/30-partners.ps1");
    let settings = "-PartnerType PublicUnverified -TlsNegotiation Required -SaslNegotiation Optional \
                    -SupportDialbackNegotiation $true -EnableKeepAlive $true\n";
    for line in [
        "if (Get-CsXmppAllowedPartner -Filter 'partner.example') {\n",
        &format!(
            "Set-CsXmppAllowedPartner -Identity 'partner.example' \
             -AdditionalDomains @{{Replace='corp.partner.example'}} -Description '' {settings}"
        ),
        &format!(
            "New-CsXmppAllowedPartner -Identity 'partner.example' -AdditionalDomains 'corp.partner.example' {settings}"
        ),
        "$listed = @('partner.example')\n",
        "Remove-CsXmppAllowedPartner -Identity $partner.Identity -Confirm\n",
    ] {
        assert!(script.contains(line), "{line} in {script}");
    }
}

#[test]
fn partners_that_cannot_work_are_passed_over_and_none_is_removed_unasked() {
    let mut deployment = contoso(Server::Lync);
    deployment.federation.refuse_unlisted = false;
    let mut invalid = partner("invalid.example");
    invalid.negotiation.sasl = Requirement::NotSupported;
    invalid.negotiation.dialback = false;
    deployment.federation.partners = vec![partner("a_b.example"), partner("*.example"), invalid];
    let script = file(&all_files(&deployment), "lync/30-partners.ps1");
    assert_eq!(commands(&script), Vec::<String>::new(), "{script}");

    deployment.federation.refuse_unlisted = true;
    let script = file(&all_files(&deployment), "lync/30-partners.ps1");
    assert!(script.contains("$listed = @()\n") && script.contains(" -Confirm\n"), "{script}");
}

#[test]
fn a_partner_without_additional_domains_loses_those_it_had() {
    let mut deployment = contoso(Server::Lync);
    deployment.federation.partners[0].additional_domains.clear();
    let script = file(&all_files(&deployment), "lync/30-partners.ps1");
    assert_eq!(script.matches("-AdditionalDomains").count(), 1, "{script}");
    assert!(script.contains("-AdditionalDomains $null "), "{script}");
}

#[test]
fn each_scope_of_the_policy_has_its_command() {
    let mut deployment = contoso(Server::Lync);
    for (scope, lines) in [
        ("global", vec!["\nSet-CsExternalAccessPolicy -Identity 'global' -EnableFederationAccess $true"]),
        ("site:Redmond", vec!["try { New-CsExternalAccessPolicy -Identity 'site:Redmond' ", "catch { Set-CsExternal"]),
        ("user:O'Hara", vec!["try { New-CsExternalAccessPolicy -Identity 'O''Hara' ", "-PolicyName 'O''Hara'"]),
    ] {
        deployment.policy.scope = scope.into();
        let script = file(&all_files(&deployment), "lync/40-policy.ps1");
        assert!(script.contains("\nSet-CsAccessEdgeConfiguration -AllowFederatedUsers $true\n"), "{script}");
        for line in lines {
            assert!(script.contains(line), "{line} in {script}");
        }
    }
}

#[test]
fn every_row_of_the_port_table_has_a_rule() {
    let script = file(&all_files(&contoso(Server::Lync)), "lync/60-firewall.ps1");
    let ports = Server::Lync.traits().ports;
    // By the cmdlet, by netsh where there is none, and by each only where there is no rule of the name.
    for (made, asked, inside) in [
        ("{ New-NetFirewallRule ", "(Get-NetFirewallRule ", "-LocalAddress $Internal }"),
        ("{ netsh advfirewall firewall add rule ", "netsh advfirewall firewall show rule ", "($Internal -join ',')) }"),
    ] {
        assert_eq!([made, asked].map(|part| script.matches(part).count()), [ports.len(); 2], "{script}");
        let made: Vec<&str> = script.lines().filter(|line| line.contains(made)).collect();
        assert_eq!(
            made.iter().filter(|line| line.ends_with(inside)).count(),
            ports.iter().filter(|p| p.internal).count()
        );
        let names: BTreeSet<&str> =
            made.iter().filter_map(|line| line.split("Edgewright: ").nth(1)?.split('\'').next()).collect();
        assert_eq!(names.len(), ports.len(), "each is found by its own name: {names:#?}");
        for port in ports {
            let is_it = |line: &&&str| line.contains(port.protocol) && line.contains(&port.numbers());
            assert!(made.iter().any(|line| is_it(&line)), "{port:?} {made:#?}");
        }
    }
}

#[test]
fn every_script_takes_what_if() {
    for script in samples().remove(0).iter().filter(|file| file.path.starts_with("lync/") && is_script(&file.path)) {
        let content = script.content.replace("\r\n", "\n");
        let code = content.lines().find(|line| !line.is_empty() && !line.starts_with('#'));
        assert_eq!(code, Some("[CmdletBinding(SupportsShouldProcess = $true)]"), "{}", script.path);
    }
}

#[test]
fn a_certificate_is_imported_once_and_the_services_start_again_only_where_something_changed() {
    let files = with_certificates(&contoso(Server::Lync));
    let scripts: Vec<&OutFile> = files.iter().filter(|file| file.path == "lync/20-certificate.ps1").collect();
    for script in &scripts {
        let content = &script.content;
        let (import, assign) = content.split_once("$assigned = ").expect(content);
        assert!(
            import.contains("if (-not (Test-Path -LiteralPath ('Cert:\\LocalMachine\\My\\' + $thumbprint))) {"),
            "{content}"
        );
        let (before, restart) = assign.split_once("if ($assigned.Count -lt 4) {\n").expect(content);
        assert!(
            before.contains("AccessEdgeExternal,DataEdgeExternal,AudioVideoAuthentication,XmppServer"),
            "{content}"
        );
        assert!(restart.find("Set-CsCertificate") < restart.find("Stop-CsWindowsService"), "{content}");
        assert!(restart.split("} else {").nth(1).is_some_and(|rest| !rest.contains("Service")), "{content}");
    }
    // The password of a PFX is seen nowhere, and cleared whatever becomes of the import.
    let pfx = scripts.iter().find(|script| script.content.contains("20-certificate.pfx")).expect("a PFX");
    for part in
        ["Read-Host -AsSecureString ", "SecureStringToBSTR($secure)", "} finally {\n", "ZeroFreeBSTR($password)"]
    {
        assert!(pfx.content.contains(part), "{part} in {}", pfx.content);
    }
}

#[test]
fn a_user_policy_is_granted_to_those_who_are_named_and_to_nobody_else() {
    let mut deployment = contoso(Server::Lync);
    deployment.policy.scope = "user:Fed".into();
    let granted = |grant: &[&str]| {
        let mut deployment = deployment.clone();
        deployment.policy.grant = grant.iter().map(|user| (*user).to_owned()).collect();
        let script = file(&all_files(&deployment), "lync/40-policy.ps1");
        let lines = script.lines().filter(|line| line.contains("Grant-Cs") && !line.starts_with('#'));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(granted(&[]), Vec::<String>::new());
    let one = "Grant-CsExternalAccessPolicy -Identity 'anna@contoso.com' -PolicyName 'Fed'";
    assert_eq!(granted(&["anna@contoso.com"]), [one]);
    assert_eq!(granted(&["all"]), ["Get-CsUser | Grant-CsExternalAccessPolicy -PolicyName 'Fed'"]);
}

#[test]
fn the_guide_names_every_file_in_the_order_of_work() {
    let mut deployment = contoso(Server::Lync);
    deployment.request.key_by = KeyMaker::Lync;
    let files = with_certificates(&deployment);
    let guide = file(&files, "lync/00-read-me-first.txt");
    let mut scripts: Vec<&str> = paths(&files).into_iter().filter_map(|path| path.strip_prefix("lync/")).collect();
    scripts.retain(|script| is_script(script) && !script.contains("internal"));
    scripts.sort_unstable();
    scripts.dedup();
    let places: Vec<usize> =
        scripts.iter().map(|script| guide.find(script).unwrap_or_else(|| panic!("{script}"))).collect();
    assert!(places.is_sorted() && scripts.len() == 7, "{scripts:?} {guide}");
    assert!(guide.lines().count() > 8 && guide.matches('\n').count() == guide.matches("\r\n").count());
}

#[test]
fn the_checker_refuses_what_is_unknown_or_broken() {
    assert_eq!(faults("Set-CsAccessEdgeConfiguration -AllowFederatedUsers $true -Confirm"), Vec::<String>::new());
    for wrong in [
        "Get-Secret -Name 'x'",
        "Set-CsAccessEdgeConfiguration -AllowEverybody $true",
        "if ($true) { Invoke-Expression 'x' }",
        "Request-CsCertificate -Output (Join-Path $PSScriptRoot 'x')",
        "& $command",
        "'it's'",
        "@('a'",
        "foreach ($a in) { }",
    ] {
        assert!(!faults(wrong).is_empty(), "{wrong}");
    }
}

fn is_script(path: &str) -> bool {
    Path::new(path).extension() == Some("ps1".as_ref())
}

/// Files of the sample with every script, then of the sample with each hostile value wherever free text is taken.
fn samples() -> Vec<Vec<OutFile>> {
    let mut calm = contoso(Server::Lync);
    calm.request.key_by = KeyMaker::Lync;
    let hostile = HOSTILE.map(|said| {
        let mut deployment = calm.clone();
        let request = &mut deployment.request;
        for place in [&mut request.friendly_name, &mut request.template, &mut request.subject.organization] {
            said.clone_into(place);
        }
        request.client_eku = true;
        request.file = PathBuf::from(format!("/srv/{}", said.replace('/', "")));
        deployment.policy.scope = format!("user:{said}");
        deployment.policy.grant = vec![said.into()];
        deployment.edge.internal = Some(Name::new(said));
        deployment.edge.xmpp_domains.push(Name::new(said));
        deployment.federation.partners[0].description = said.into();
        deployment.federation.partners.push(partner(said));
        deployment.extra_names.push(Name::new(said));
        deployment.names = names(&deployment);
        deployment
    });
    std::iter::once(calm).chain(hostile).map(|deployment| with_certificates(&deployment)).collect()
}

/// Every file there is for `deployment`, and what brings its certificates to the edge, whoever has the key.
fn with_certificates(deployment: &Deployment) -> Vec<OutFile> {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(["contoso.com".to_owned()]).unwrap().self_signed(&key).unwrap();
    let certificate = Certificate::read(certificate.der()).unwrap();
    let mut files = all_files(deployment);
    for (usage, key_by) in
        Usage::ALL.into_iter().flat_map(|usage| [KeyMaker::Edgewright, KeyMaker::Lync].map(|key_by| (usage, key_by)))
    {
        let mut deployment = deployment.clone();
        deployment.request.key_by = key_by;
        files.extend(product(Server::Lync).certificate(&deployment, &certificate, usage, &Text::load("en")));
    }
    let scripts = ["lync/20-certificate.ps1", "lync/20-certificate-internal.ps1"];
    assert_eq!(files.iter().filter(|file| scripts.contains(&file.path.as_str())).count(), 4);
    files
}

/// The names of the commands in a script, in any place, sorted.
fn commands(script: &str) -> Vec<String> {
    let script = script.trim_start_matches(BYTE_ORDER_MARK);
    let tree = parse(script);
    let found = nodes(tree.root_node()).into_iter().filter(|node| node.kind() == "command_name");
    let mut names: Vec<String> = found.map(|node| script[node.byte_range()].to_owned()).collect();
    names.sort();
    names
}

/// What is wrong with a script: errors of the language, unknown commands, unknown parameters.
fn faults(script: &str) -> Vec<String> {
    let table: BTreeMap<String, BTreeSet<String>> = TABLE
        .to_lowercase()
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            Some((words.next()?, words.collect()))
        })
        .collect();
    let script = script.trim_start_matches(BYTE_ORDER_MARK);
    let tree = parse(script);
    let mut faults = Vec::new();
    for node in nodes(tree.root_node()) {
        let said = &script[node.byte_range()];
        if node.is_error() || node.is_missing() {
            faults.push(format!("no PowerShell: {said:?} at {}", node.start_position()));
        }
        if node.kind() != "command" {
            continue;
        }
        let name = node.child_by_field_name("command_name").map(|name| script[name.byte_range()].to_lowercase());
        let Some(parameters) = name.and_then(|name| table.get(&name)) else {
            faults.push(format!("unknown command: {said}"));
            continue;
        };
        // Parameters of a command inside its arguments are that command's own.
        for parameter in own_parameters(node) {
            let parameter = script[parameter.byte_range()].to_lowercase();
            if !parameters.contains(&parameter) && !COMMON.contains(&parameter.as_str()) {
                faults.push(format!("unknown parameter: {parameter} in {said}"));
            }
        }
    }
    faults
}

fn own_parameters(command: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = command.walk();
    let elements: Vec<Node<'_>> =
        command.children(&mut cursor).filter(|node| node.kind() == "command_elements").collect();
    elements.into_iter().flat_map(children).filter(|node| node.kind() == "command_parameter").collect()
}

fn parse(script: &str) -> tree_sitter::Tree {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).expect("the grammar fits the library");
    parser.parse(script, None).expect("no time limit is set")
}

fn nodes(root: Node<'_>) -> Vec<Node<'_>> {
    let mut found = vec![root];
    let mut next = 0;
    while next < found.len() {
        found.extend(children(found[next]));
        next += 1;
    }
    found
}

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).collect()
}
