//! JSON Schema of the answers file, draft 2020-12.

use serde_json::{Map, Value, json};

use super::{Condition, Entry, KIND, entries};
use crate::form::file::SCHEMA;
use crate::form::{DefaultValue, Field, Kind};
use crate::pages;
use crate::text::{Text, say};

/// The schema, as JSON text. What it refuses, the program refuses too; the program looks closer.
#[must_use]
pub fn schema(text: &Text) -> String {
    let mut properties = Map::new();
    properties
        .insert("schema".to_owned(), json!({ "const": SCHEMA, "description": text.say(&say("docs-schema-number")) }));
    for entry in entries().filter(|entry| !entry.is_in_row()) {
        insert(&mut properties, &entry.path, property(&entry, text));
    }
    let mut rules = vec![demand(&[("schema", json!({})), (KIND, json!({}))])];
    for Condition { when, required } in Condition::all(text) {
        let given: Vec<(&str, Value)> = when.iter().map(|(path, option)| (*path, json!({ "const": option }))).collect();
        let answered: Vec<(&str, Value)> = required.iter().map(|path| (path.as_str(), answered(path))).collect();
        rules.push(json!({ "if": demand(&given), "then": demand(&answered) }));
    }
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": text.say(&say("docs-schema-title")),
        "description": text.say(&say("docs-schema-description")),
    });
    merge(&mut schema, object(properties));
    schema["allOf"] = json!(rules);
    format!("{schema:#}\n")
}

fn object(properties: Map<String, Value>) -> Value {
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

/// Puts a property at a dotted path.
fn insert(properties: &mut Map<String, Value>, path: &str, property: Value) {
    match path.split_once('.') {
        None => {
            properties.insert(path.to_owned(), property);
        }
        Some((table, inner)) => {
            let table = properties.entry(table).or_insert_with(|| object(Map::new()));
            if let Some(properties) = table["properties"].as_object_mut() {
                insert(properties, inner, property);
            }
        }
    }
}

fn property(entry: &Entry, text: &Text) -> Value {
    let mut property = json!({ "title": entry.label(text), "description": entry.help(text) });
    merge(&mut property, of_kind(entry.field.kind));
    let labels: Vec<String> = entry.options(text).into_iter().map(|(_, label)| label).collect();
    if !labels.is_empty() {
        // No keyword of the standard describes the words of an enum; these are read by VS Code and by Taplo.
        property["enumDescriptions"] = json!(labels);
        property["x-taplo"] = json!({ "docs": { "enumValues": labels } });
    }
    match entry.field.default {
        DefaultValue::Text(default) => property["default"] = json!(default),
        DefaultValue::Flag(default) => property["default"] = json!(default),
        DefaultValue::Number(default) => property["default"] = json!(default),
        DefaultValue::Empty | DefaultValue::Required | DefaultValue::RequiredIf(_) | DefaultValue::From(_) => {}
    }
    if let Kind::Rows(fields) = entry.field.kind {
        property["items"] = row(entry, fields, text);
    }
    property
}

fn row(rows: &Entry, fields: &[Field], text: &Text) -> Value {
    let start = format!("{}.*.", rows.path);
    let inner: Vec<Entry> = entries().filter(|entry| entry.path.starts_with(&start)).collect();
    let properties = inner.iter().map(|entry| (entry.field.path.to_owned(), property(entry, text)));
    let mut row = object(properties.collect());
    let required = fields.iter().filter(|field| matches!(field.default, DefaultValue::Required));
    row["required"] = json!(required.map(|field| field.path).collect::<Vec<_>>());
    row
}

fn of_kind(kind: Kind) -> Value {
    match kind {
        Kind::Choice(options, _) => json!({ "enum": options }),
        Kind::Toggle => json!({ "type": "boolean" }),
        Kind::Text(max) => json!({ "type": "string", "maxLength": max }),
        Kind::Name(_) | Kind::File => json!({ "type": "string" }),
        Kind::Country => json!({ "type": "string", "pattern": "^([A-Za-z]{2})?$" }),
        Kind::NameServer => json!({ "type": "string" }),
        Kind::Address => json!({ "type": "string", "anyOf": [{ "format": "ipv4" }, { "format": "ipv6" }] }),
        Kind::Number(min, max) => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Kind::List(item) => json!({ "type": "array", "items": of_kind(*item) }),
        Kind::MultiSelect(_) => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Rows(_) => json!({ "type": "array" }),
    }
}

/// What an answer at `path` is at least: an empty one says nothing.
fn answered(path: &str) -> Value {
    match pages::form().field(path).map(|(_, field)| field.kind) {
        Some(Kind::List(_) | Kind::MultiSelect(_) | Kind::Rows(_)) => json!({ "minItems": 1 }),
        _ => json!({ "minLength": 1 }),
    }
}

/// A schema that demands these paths, each with its own schema.
fn demand(paths: &[(&str, Value)]) -> Value {
    let mut tables: Vec<(&str, Vec<(&str, Value)>)> = Vec::new();
    let mut properties = Map::new();
    for (path, leaf) in paths {
        match path.split_once('.') {
            None => {
                properties.insert((*path).to_owned(), leaf.clone());
            }
            Some((table, inner)) => match tables.iter_mut().find(|(name, _)| *name == table) {
                Some((_, inners)) => inners.push((inner, leaf.clone())),
                None => tables.push((table, vec![(inner, leaf.clone())])),
            },
        }
    }
    properties.extend(tables.iter().map(|(table, inners)| ((*table).to_owned(), demand(inners))));
    json!({ "required": properties.keys().collect::<Vec<_>>(), "properties": properties })
}

/// Adds the members of `more` to an object.
fn merge(object: &mut Value, more: Value) {
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
}
