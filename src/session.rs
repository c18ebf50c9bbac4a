//! A person's or a command's time with a home folder. What the screen, the lines, the commands and the tests drive is here
//! once: how it begins, what there is to do, who does it meanwhile.

mod begin;
mod execute;
mod lanes;
mod look;
mod network;
mod outside;
mod remembered;
mod server;
mod task;

pub use begin::{Begun, begin};
pub use execute::{ask_for_undo, execute, look_up_for_undo};
pub use lanes::{Lanes, Told};
pub use look::{look, received, unreadable};
pub use network::{NetworkSeen, PartnerSeen, look_at_network};
pub use outside::{CheckOptions, Domains, check_domains, identity};
pub use server::{ServerSeen, look_at_server};
pub use task::{Control, Effect, Progress, Report, Session, Stop, Task, TaskId, Wanted, only_look};
