//! Everything that knows about JavaScript values: imports, objects, options and promises.

pub(crate) mod imports;
pub(crate) mod object;
pub(crate) mod promise;
pub(crate) mod property;
pub(crate) mod read_options;

use std::future::Future;
use std::pin::Pin;

use wasm_bindgen::JsValue;

use crate::browser::error::Rejection;

/// The outcome of every step of a call. All steps share one type, so that the code that awaits
/// them is compiled once.
pub(crate) type JsResult = Result<JsValue, Rejection>;

/// A boxed future, so that the code that drives it is compiled once and not for every future.
pub(crate) type BoxedFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;
