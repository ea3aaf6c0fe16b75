//! The options of the constructor and of the methods.

pub mod schema;
pub mod settings;
pub mod value;
