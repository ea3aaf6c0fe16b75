//! How a piece of work ends early: by the caller's signal, by its deadline, or
//! because the client is disposed of.
//!
//! Whatever a scope guards is dropped the moment it is stopped, and with it
//! every timer, listener and request that the work holds.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use super::clock::{alarm, monotonic_ms};
use super::error::Rejection;
use super::property::property;
use crate::core::catalogue::Class;
use crate::core::error::Failure;

#[derive(Default)]
struct State {
    stopped: Option<Rejection>,
    waker: Option<Waker>,
}

impl State {
    fn stop(state: &RefCell<State>, why: Rejection) {
        let waker = {
            let mut state = state.borrow_mut();
            if state.stopped.is_some() {
                return;
            }
            state.stopped = Some(why);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

type LocalBoxFuture = Pin<Box<dyn Future<Output = ()>>>;

/// The work of one call.
pub struct Scope {
    state: Rc<RefCell<State>>,
    _listener: Option<AbortListener>,
    deadline_at_ms: Option<f64>,
    /// Goes off at the deadline; watched by whatever is guarded.
    alarm: RefCell<Option<LocalBoxFuture>>,
}

impl Scope {
    /// A scope that ends with `signal` or after `deadline_ms` milliseconds.
    pub fn new(signal: Option<AbortSignal>, deadline_ms: Option<f64>) -> Self {
        let state = Rc::new(RefCell::new(State::default()));
        let listener = signal.and_then(|signal| AbortListener::new(signal, &state));
        Scope {
            alarm: RefCell::new(deadline_ms.map(|ms| {
                let state = state.clone();
                let alarm: LocalBoxFuture = Box::pin(async move {
                    alarm(ms).await;
                    State::stop(&state, deadline_passed(ms));
                });
                alarm
            })),
            state,
            _listener: listener,
            deadline_at_ms: deadline_ms.map(|ms| monotonic_ms() + ms),
        }
    }

    /// What is left of the deadline, in milliseconds.
    pub fn remaining_ms(&self) -> Option<f64> {
        self.deadline_at_ms.map(|at| (at - monotonic_ms()).max(0.0))
    }

    /// A handle by which others can stop it, for as long as it lasts.
    pub fn stopper(&self) -> Stopper {
        Stopper(Rc::downgrade(&self.state))
    }

    /// What `work` gives, or why the scope was stopped first.
    pub async fn guard<T>(&self, work: impl Future<Output = T>) -> Result<T, Rejection> {
        let mut work = pin!(work);
        poll_fn(|context| {
            if let Some(why) = &self.state.borrow().stopped {
                return Poll::Ready(Err(why.clone()));
            }
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(Ok(done));
            }
            self.state.borrow_mut().waker = Some(context.waker().clone());
            let rang = match self.alarm.borrow_mut().as_mut() {
                Some(alarm) => alarm.as_mut().poll(context).is_ready(),
                None => false,
            };
            if rang {
                // Polled once more it would panic.
                self.alarm.take();
            }
            match &self.state.borrow().stopped {
                Some(why) => Poll::Ready(Err(why.clone())),
                None => Poll::Pending,
            }
        })
        .await
    }
}

fn deadline_passed(ms: f64) -> Rejection {
    Failure::client(
        Class::Timeout,
        Some("deadline"),
        format!(
            "the call was not done within its deadline of {} ms",
            ms as u64
        ),
    )
    .into()
}

/// Stops a scope from outside; holds nothing of it.
pub struct Stopper(Weak<RefCell<State>>);

impl Stopper {
    /// Stops the scope, if it still lasts.
    pub fn stop(&self, why: Rejection) {
        if let Some(state) = self.0.upgrade() {
            State::stop(&state, why);
        }
    }

    /// Whether the scope is over.
    pub fn is_over(&self) -> bool {
        self.0.strong_count() == 0
    }
}

/// Listens to an `AbortSignal` for as long as it is kept.
struct AbortListener {
    signal: AbortSignal,
    callback: Closure<dyn FnMut()>,
}

impl AbortListener {
    fn new(signal: AbortSignal, state: &Rc<RefCell<State>>) -> Option<Self> {
        if signal.aborted() {
            State::stop(state, Rejection::aborted(reason_of(&signal)));
            return None;
        }
        let callback = Closure::new({
            let (signal, state) = (signal.clone(), Rc::downgrade(state));
            move || {
                if let Some(state) = state.upgrade() {
                    State::stop(&state, Rejection::aborted(reason_of(&signal)));
                }
            }
        });
        signal
            .add_event_listener_with_callback("abort", callback.as_ref().unchecked_ref())
            .ok()?;
        Some(AbortListener { signal, callback })
    }
}

impl Drop for AbortListener {
    fn drop(&mut self) {
        let _ = self
            .signal
            .remove_event_listener_with_callback("abort", self.callback.as_ref().unchecked_ref());
    }
}

fn reason_of(signal: &AbortSignal) -> JsValue {
    property(signal, "reason")
}
