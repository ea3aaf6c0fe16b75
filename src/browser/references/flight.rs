//! One call for all who ask for the same at the same time, in this page and, by
//! way of a lock, in other tabs.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use web_sys::AbortController;

use super::{References, shelf};
use crate::browser::call;
use crate::browser::client::Shared;
use crate::browser::events::forward;
use crate::browser::input::Options;
use crate::browser::lock::Lock;
use crate::browser::parcel::{Contents, Parcel};
use crate::browser::task::promise;
use crate::core::options::LONGEST_TIMER_MS;
use crate::core::request::Endpoint;

/// One call for all who ask for the same.
pub struct Flight {
    landing: Promise,
    controller: AbortController,
    seats: Cell<u32>,
    audience: Rc<Audience>,
}

/// Those who want to hear how far it is.
#[derive(Default)]
struct Audience {
    /// By the number of their seat.
    listeners: RefCell<Vec<(u32, Function)>>,
    /// For those who come late.
    latest: RefCell<JsValue>,
}

impl Audience {
    fn admit(&self, number: u32, listener: Function) {
        let latest = self.latest.borrow().clone();
        if latest.is_object() {
            forward(&listener, &latest);
        }
        self.listeners.borrow_mut().push((number, listener));
    }

    fn leave(&self, number: u32) {
        self.listeners.borrow_mut().retain(|(of, _)| *of != number);
    }

    fn tell(&self, progress: JsValue) {
        let listeners = self.listeners.borrow().clone();
        self.latest.replace(progress.clone());
        for (_, listener) in listeners {
            forward(&listener, &progress);
        }
    }
}

/// One who waits; dropping it is leaving, and the last one to leave aborts the
/// call.
pub struct Seat {
    client: Weak<Shared>,
    key: String,
    flight: Rc<Flight>,
    number: u32,
}

impl Seat {
    /// A seat on the flight for `key`, which departs if there is none.
    pub fn take(
        client: &Rc<Shared>,
        key: String,
        contents: Contents,
        request: &Options,
    ) -> Result<Self, JsValue> {
        let under_way = client.references.flight(&key);
        let flight = match under_way {
            Some(flight) => flight,
            None => {
                let flight = Rc::new(depart(client, key.clone(), contents, request)?);
                let mut flights = client.references.flights.borrow_mut();
                flights.push((key.clone(), flight.clone()));
                flight
            }
        };
        let number = flight.seats.get();
        flight.seats.set(number + 1);
        if let Some(listener) = request.function("onProgress") {
            flight.audience.admit(number, listener);
        }
        Ok(Seat {
            client: Rc::downgrade(client),
            key,
            flight,
            number,
        })
    }

    /// What the call comes to.
    pub fn landing(&self) -> Promise {
        self.flight.landing.clone()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.flight.audience.leave(self.number);
        // This one, the map and nobody else.
        if Rc::strong_count(&self.flight) <= 2
            && let Some(client) = self.client.upgrade()
        {
            client.references.land(&self.key, &self.flight.controller);
            // Does nothing where the call is over.
            self.flight.controller.abort();
        }
    }
}

impl References {
    fn flight(&self, key: &str) -> Option<Rc<Flight>> {
        let flights = self.flights.borrow();
        let found = flights.iter().find(|(of, _)| of == key);
        found.map(|(_, flight)| flight.clone())
    }

    /// Strikes a flight off the list, unless it is another by now.
    fn land(&self, key: &str, controller: &AbortController) {
        let mut flights = self.flights.borrow_mut();
        flights.retain(|(of, flight)| of != key || flight.controller != *controller);
    }
}

/// Starts the call. Its options are the first caller's, but for the deadline:
/// everybody keeps to their own.
fn depart(
    client: &Rc<Shared>,
    key: String,
    contents: Contents,
    request: &Options,
) -> Result<Flight, JsValue> {
    let controller = AbortController::new()?;
    let audience: Rc<Audience> = Rc::default();
    let own = Object::new();
    for name in ["retry", "attemptTimeoutMs", "uploadStallMs"] {
        Reflect::set(&own, &name.into(), &request.get(name))?;
    }
    Reflect::set(&own, &"signal".into(), &controller.signal())?;
    Reflect::set(&own, &"deadlineMs".into(), &LONGEST_TIMER_MS.into())?;
    let landing = promise({
        let (client, controller) = (client.clone(), controller.clone());
        let audience = audience.clone();
        async move {
            // Counting the bytes of an upload makes a preflight of it on other
            // origins: only where somebody wants to hear of them.
            let is_heard = !audience.listeners.borrow().is_empty();
            let broadcast =
                Closure::<dyn Fn(JsValue)>::new(move |progress| audience.tell(progress));
            if is_heard {
                Reflect::set(&own, &"onProgress".into(), broadcast.as_ref())?;
            }
            let outcome = fly(&client, &key, contents, own.into()).await;
            client.references.land(&key, &controller);
            outcome
        }
    });
    Ok(Flight {
        landing,
        controller,
        seats: Cell::new(0),
        audience,
    })
}

async fn fly(
    client: &Rc<Shared>,
    key: &str,
    contents: Contents,
    request: JsValue,
) -> Result<JsValue, JsValue> {
    let persist = client.options.references.persist;
    // One tab calls, and the others find what it has stored.
    let mut _turn = None;
    let mut known = None;
    if persist {
        known = shelf::get(client, key).await;
        if known.is_none() {
            _turn = Some(Lock::wait(format!("thetaone-web reference {key}")).await);
            known = shelf::get(client, key).await;
        }
    }
    let analysis = match known.clone() {
        Some(known) => known,
        None => {
            let parcel = Parcel::Ready(contents);
            call::run(client.clone(), Endpoint::AnalyzeNative, &parcel, request).await?
        }
    };
    client.references.learn(key, &analysis);
    if persist && known.is_none() {
        shelf::put(client, key, &analysis).await;
    }
    Ok(analysis)
}
