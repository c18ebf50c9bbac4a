//! Settings as the servers read them: files and commands, as data.
