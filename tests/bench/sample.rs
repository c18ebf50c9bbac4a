//! The sample edge with as many partners as it takes.

use std::path::Path;

use edgewright::form::{Answers, file};
use edgewright::home::Facts;
use edgewright::pages;
use time::macros::datetime;

/// The sample's answers file with `partners` partners and `names` additional names.
#[must_use]
pub fn file(partners: usize, names: usize) -> String {
    let sample = include_str!("../flow/contoso.toml");
    let (before, after) = sample.split_once("[[partners]]").expect("a partner");
    let (_, after) = after.split_once("[dns]").expect("records after it");
    let names: Vec<String> = (0..names).map(|number| format!("\"n{number}.contoso.com\"")).collect();
    let before = before.replace("extra = []", &format!("extra = [{}]", names.join(", ")));
    let rows: String = (0..partners).map(row).collect();
    format!("{before}{rows}[dns]{after}")
}

/// Two thirds are as they should be, one third is warned of.
fn row(number: usize) -> String {
    let (tls, dialback) = if number.is_multiple_of(3) { ("optional", false) } else { ("required", true) };
    format!(
        "[[partners]]\ndomain = \"partner{number}.example\"\ndescription = \"Partner number {number}\"\n\
         additional_domains = [\"corp.partner{number}.example\"]\ntype = \"public-unverified\"\ntls = \"{tls}\"\n\
         sasl = \"optional\"\ndialback = {dialback}\nkeep_alive = true\naccept_clear_text = false\n\n"
    )
}

/// The answers of [`file`], and a machine with nothing on it.
#[must_use]
pub fn sample(partners: usize, names: usize) -> (Answers, Facts) {
    let home = Path::new("/home/ada/edge");
    let loaded = file::read(&file(partners, names), pages::form(), home);
    assert_eq!(loaded.problems, []);
    (loaded.answers, Facts::unseen(home, home, datetime!(2026-11-21 09:00 UTC)))
}
