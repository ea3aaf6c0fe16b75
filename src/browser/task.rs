//! Work that runs by itself. Its future is boxed: the browser's machinery around
//! it is then compiled once, and not for every kind of work.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{future_to_promise, spawn_local};

/// Any work that gives a `T`.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A promise of what comes of `work`.
pub fn promise(work: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    let work: Boxed<'static, Result<JsValue, JsValue>> = Box::pin(work);
    future_to_promise(work)
}

/// Starts `work`.
pub fn start(work: impl Future<Output = ()> + 'static) {
    let work: Boxed<'static, ()> = Box::pin(work);
    spawn_local(work);
}

/// Starts `work` at once and gives what comes of it. Unlike a plain future it
/// goes on when the result is no longer waited for: the handlers of a database
/// request, or a lock that is about to be granted, must find somebody at home.
pub fn to_its_end<T: 'static>(work: impl Future<Output = T> + 'static) -> impl Future<Output = T> {
    let done: Rc<RefCell<(Option<T>, Option<Waker>)>> = Rc::default();
    start({
        let done = done.clone();
        async move {
            let result = work.await;
            let waker = {
                let mut done = done.borrow_mut();
                done.0 = Some(result);
                done.1.take()
            };
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    });
    poll_fn(move |context| {
        let mut done = done.borrow_mut();
        match done.0.take() {
            Some(result) => Poll::Ready(result),
            None => {
                done.1 = Some(context.waker().clone());
                Poll::Pending
            }
        }
    })
}
