//! The man page.

use std::io;

use clap::Command;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

use super::exit_codes;
use crate::home::layout::{ANSWERS, JOURNAL, KEY, OUT, REQUEST, REQUESTS};
use crate::text::{Message, Text, say};

/// The man page of `command`, as roff.
///
/// # Errors
/// None that writing to memory has.
pub fn man(mut command: Command, text: &Text) -> io::Result<String> {
    command.build();
    let mut page = Vec::new();
    let man = clap_mangen::Man::new(command.clone())
        .title(command.get_name().to_uppercase())
        // A page is the same whenever it is printed; nothing at all here would move the version to the date's place.
        .date(" ");
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    let mut roff = Roff::new();
    heading(&mut roff, &say("docs-man-commands"), text);
    commands(&mut roff, &mut command);
    heading(&mut roff, &say("docs-man-environment"), text);
    let variables = [
        ("EDGEWRIGHT_HOME", say("docs-man-variable-home")),
        ("LC_ALL, LC_MESSAGES, LANG", say("docs-man-variable-language")),
        ("NO_COLOR", say("docs-man-variable-colour")),
    ];
    items(&mut roff, variables, text);
    heading(&mut roff, &say("docs-man-files"), text);
    roff.text([roman(text.say(&say("docs-man-files-where")))]);
    let of_request = |name| format!("{REQUESTS}/N/{name}");
    let files = [
        (ANSWERS.to_owned(), say("docs-man-file-answers")),
        (JOURNAL.to_owned(), say("docs-man-file-journal")),
        (of_request(KEY), say("docs-man-file-key")),
        (of_request(REQUEST), say("docs-man-file-request")),
        (format!("{OUT}/"), say("docs-man-file-out")),
    ];
    items(&mut roff, files, text);
    heading(&mut roff, &say("docs-man-exit"), text);
    items(&mut roff, exit_codes(), text);
    Ok(String::from_utf8_lossy(&page).into_owned() + &roff.to_roff())
}

fn heading(roff: &mut Roff, words: &Message, text: &Text) {
    roff.control("SH", [text.say(words).to_uppercase().as_str()]);
}

fn items(roff: &mut Roff, items: impl IntoIterator<Item = (impl Into<String>, Message)>, text: &Text) {
    for (name, words) in items {
        roff.control("TP", []);
        roff.text([bold(name.into())]);
        roff.text([roman(text.say(&words))]);
    }
}

/// Every command below `command` that does something, with what it takes beyond the options of all.
fn commands(roff: &mut Roff, command: &mut Command) {
    for inner in command.get_subcommands_mut().filter(|inner| inner.get_name() != "help") {
        if inner.has_subcommands() {
            commands(roff, inner);
            continue;
        }
        let own = |arg: &&clap::Arg| !arg.is_global_set() && !["help", "version"].contains(&arg.get_id().as_str());
        let name = inner.get_bin_name().unwrap_or_else(|| inner.get_name()).to_owned();
        let mut usage = vec![bold(name)];
        for arg in inner.get_arguments().filter(own) {
            usage.push(roman(if arg.is_required_set() { " " } else { " [" }));
            usage.extend(argument(arg));
            usage.extend((!arg.is_required_set()).then(|| roman("]")));
        }
        roff.control("TP", []);
        roff.text(usage);
        roff.text([roman(inner.get_about().map(ToString::to_string).unwrap_or_default())]);
        if inner.get_arguments().filter(own).count() == 0 {
            continue;
        }
        roff.control("RS", []);
        for arg in inner.get_arguments().filter(own) {
            roff.control("TP", []);
            roff.text(argument(arg));
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            let values = arg.get_possible_values();
            let words: Vec<&str> = values.iter().map(clap::builder::PossibleValue::get_name).collect();
            let takes_words = arg.get_action().takes_values() && !words.is_empty();
            roff.text([roman(if takes_words { format!("{help}: {}", words.join(", ")) } else { help })]);
        }
        roff.control("RE", []);
    }
}

/// An argument as it is typed.
fn argument(arg: &clap::Arg) -> Vec<Inline> {
    let option = arg.get_long().map(|long| format!("--{long}"));
    let takes_value = arg.get_action().takes_values();
    let value = arg.get_value_names().filter(|_| takes_value).map(|names| names.join(" "));
    let between = (option.is_some() && value.is_some()).then(|| roman(" "));
    option.map(bold).into_iter().chain(between).chain(value.map(italic)).collect()
}
