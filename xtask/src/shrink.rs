//! What a compiled module holds that no page has a use for.

use anyhow::{Context, Result};
use walrus::{FunctionBuilder, FunctionKind, Module};

/// Where a panic begins. `panic = "abort"` ends every one of them in a trap, and
/// on this target nobody hears its message: composing it is left out, and what
/// only that needs with it, most of `core::fmt` for one.
///
/// The trap stays where it was, as `unreachable`; wasm-opt then drops the
/// arguments too.
const PANICS: &[&str] = &[
    "core::panicking::",
    "core::cell::panic_already_",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::result::unwrap_failed",
    "core::slice::index::slice_",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "core::str::slice_error_fail",
    "core::cell::lazy::panic_",
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::handle_error",
    "alloc::raw_vec::capacity_overflow",
    "std::panicking::",
    "std::process::abort",
    "std::thread::local::panic_access_error",
    "__rustc::rust_begin_unwind",
    "__rustc::rust_panic",
    "wasm_bindgen::throw_",
];

/// Replaces the code that composes panic messages by traps; says of how many
/// functions.
pub fn silence_panics(module: &mut Module) -> Result<usize> {
    let found: Vec<_> = module
        .funcs
        .iter_local()
        .filter(|(id, _)| {
            let name = module.funcs.get(*id).name.as_deref();
            name.is_some_and(|name| composes_a_panic(&plain(name)))
        })
        .map(|(id, function)| (id, function.args.clone(), function.ty()))
        .collect();
    for (id, args, ty) in &found {
        let ty = module.types.get(*ty);
        let (params, results) = (ty.params().to_vec(), ty.results().to_vec());
        let mut trap = FunctionBuilder::new(&mut module.types, &params, &results);
        trap.func_body().unreachable();
        module.funcs.get_mut(*id).kind = FunctionKind::Local(trap.local_func(args.clone()));
    }
    let first = found
        .first()
        .context("no code of panics was found by its name")?;
    let _ = first;
    walrus::passes::gc::run(module);
    Ok(found.len())
}

fn composes_a_panic(name: &str) -> bool {
    PANICS.iter().any(|panic| name.starts_with(panic))
        || name.contains(" as core::fmt::Debug>::fmt")
        || name.contains("escape_debug_ext")
}

/// The path of a function, without the hashes of crates: `core[1f2e]::str::x` is
/// `core::str::x`.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut depth = 0;
    for character in name.trim_start_matches('<').chars() {
        match character {
            '[' => depth += 1,
            ']' => depth -= 1,
            other if depth == 0 => plain.push(other),
            _ => {}
        }
    }
    plain
}
