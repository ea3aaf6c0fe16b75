//! Reads and builds JavaScript values, and adapts promises.

pub mod object;
pub mod promise;
pub mod property;
pub mod read_options;
