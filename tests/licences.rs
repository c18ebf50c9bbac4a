//! Every crate's licence is one that `.cargo/deny.toml` allows, and `.cargo/deny.toml` allows none that no crate has.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::Value;

/// What `.cargo/deny.toml` allows the crate `name`.
fn allowed(rules: &toml::Table, name: &str) -> BTreeSet<String> {
    let list = |value: &toml::Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|licence| licence.as_str().unwrap().to_owned()).collect()
    };
    let mut licences = list(&rules["allow"]);
    for exception in rules["exceptions"].as_array().unwrap() {
        if exception["crate"].as_str() == Some(name) {
            licences.extend(list(&exception["allow"]));
        }
    }
    licences.into_iter().collect()
}

/// The licence expression in disjunctive form: one of these sets must be allowed whole. SPDX annex D, and the `/` that
/// old crates write for `OR`.
fn choices(expression: &str) -> Vec<BTreeSet<String>> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ").replace(" WITH ", "_WITH_");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let (found, rest) = either(&tokens);
    assert!(rest.is_empty(), "{expression}");
    found
}

type Parsed<'a, 'b> = (Vec<BTreeSet<String>>, &'a [&'b str]);

fn either<'a, 'b>(tokens: &'a [&'b str]) -> Parsed<'a, 'b> {
    let (mut found, mut rest) = both(tokens);
    while let ["OR", after @ ..] = rest {
        let (more, after) = both(after);
        found.extend(more);
        rest = after;
    }
    (found, rest)
}

fn both<'a, 'b>(tokens: &'a [&'b str]) -> Parsed<'a, 'b> {
    let (mut found, mut rest) = one(tokens);
    while let ["AND", after @ ..] = rest {
        let (more, after) = one(after);
        found = found.iter().flat_map(|left| more.iter().map(move |right| left | right)).collect();
        rest = after;
    }
    (found, rest)
}

fn one<'a, 'b>(tokens: &'a [&'b str]) -> Parsed<'a, 'b> {
    match tokens {
        ["(", inner @ ..] => {
            let (found, rest) = either(inner);
            assert_eq!(rest.first(), Some(&")"));
            (found, &rest[1..])
        }
        [licence, rest @ ..] => (vec![BTreeSet::from([licence.replace("_WITH_", " WITH ")])], rest),
        [] => panic!("a licence is missing"),
    }
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let read = |expression: &str| {
        choices(expression).iter().map(|set| set.iter().cloned().collect::<Vec<_>>().join("+")).collect::<Vec<_>>()
    };
    assert_eq!(read("MIT/Apache-2.0"), ["MIT", "Apache-2.0"]);
    assert_eq!(read("ISC AND (MIT OR Zlib)"), ["ISC+MIT", "ISC+Zlib"]);
    assert_eq!(read("MIT OR ISC AND Zlib"), ["MIT", "ISC+Zlib"]);
    assert_eq!(read("Apache-2.0 WITH LLVM-exception OR MIT"), ["Apache-2.0 WITH LLVM-exception", "MIT"]);
}

#[test]
fn every_crate_has_an_allowed_licence_and_every_allowed_licence_a_crate() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let file = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/.cargo/deny.toml")).unwrap();
    let rules: toml::Table = file.parse().unwrap();
    let rules = rules["licenses"].as_table().unwrap();

    let (mut refused, mut used) = (Vec::new(), BTreeSet::new());
    let exceptions =
        rules["exceptions"].as_array().unwrap().iter().map(|exception| exception["crate"].as_str().unwrap());
    let mut idle: Vec<String> = exceptions.map(str::to_owned).collect();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let expression = package["license"].as_str().unwrap_or_default();
        let allowed = allowed(rules, name);
        idle.retain(|excepted| excepted != name);
        match choices(expression).into_iter().find(|needed| needed.is_subset(&allowed)) {
            Some(needed) => used.extend(needed),
            None => refused.push(format!("{name}: {expression}")),
        }
    }
    assert!(refused.is_empty(), "not allowed by .cargo/deny.toml: {refused:#?}");
    idle.extend(allowed(rules, "").into_iter().filter(|licence| !used.contains(licence)));
    assert!(idle.is_empty(), "allowed by .cargo/deny.toml, needed by no crate: {idle:?}");
}
