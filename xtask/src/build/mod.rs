//! Builds the npm package: compiles the wasm modules, shrinks them and assembles the files.

mod bindgen;
mod js_types;
mod minify_names;
pub mod notices;
pub mod package;
pub mod page;
pub mod size;
mod snip_panics;
pub mod wasm_module;
