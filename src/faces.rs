//! How a person or a program meets the wizard.

pub mod check;
pub mod docs;
pub mod headless;
pub mod plain;
pub mod status;
pub mod tui;
pub mod wrap;
