//! The full screen: ratatui draws it, crossterm reads the keys. No page draws itself.

mod fit;
pub mod keys;
mod lines;
mod mouse;
mod terminal;
mod theme;
mod view;

pub use mouse::Targets;
pub use terminal::{Screen, on_terminal};
pub use theme::{Palette, Theme};
pub use view::draw;
