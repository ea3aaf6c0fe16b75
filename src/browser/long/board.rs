//! How far all parts together are.

use std::cell::RefCell;

use js_sys::Function;
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::outcome::Outcome;
use crate::browser::events::notify;
use crate::browser::property::{property, string};
use crate::core::long::Span;

/// What a part does that is neither missing nor done.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// It waits for its turn.
    Queued,
    /// It failed, and waits to be sent again.
    Waiting,
    /// It is on its way, or the answer is.
    Uploading,
}

impl Phase {
    const ALL: [(Phase, &str); 3] = [
        (Phase::Queued, "queued"),
        (Phase::Waiting, "waiting"),
        (Phase::Uploading, "uploading"),
    ];

    fn name(self) -> &'static str {
        Phase::ALL[self as usize].1
    }
}

#[derive(Clone, Copy)]
struct Row {
    seconds: f64,
    is_done: bool,
    /// Its phase and attempt, while it is under way.
    at: Option<(Phase, u32)>,
}

/// What `onProgress` gets.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Progress {
    phase: &'static str,
    attempt: u32,
    max_attempts: u32,
    parts_done: usize,
    parts_total: usize,
    done_seconds: f64,
    total_seconds: f64,
}

/// Where every part is.
pub struct Board {
    on_progress: Option<Function>,
    max_attempts: u32,
    rows: RefCell<Vec<Row>>,
}

impl Board {
    /// A board without parts, which are not known yet.
    pub fn new(on_progress: Option<Function>, max_attempts: u32) -> Self {
        Board {
            on_progress,
            max_attempts,
            rows: RefCell::default(),
        }
    }

    /// These are the parts.
    pub fn know<'a>(&self, parts: impl Iterator<Item = (&'a Span, &'a Outcome)>) {
        let rows = parts.map(|(span, outcome)| Row {
            seconds: span.seconds(),
            is_done: matches!(outcome, Outcome::Done(_)),
            at: None,
        });
        *self.rows.borrow_mut() = rows.collect();
    }

    /// A part's own call told this.
    pub fn hear(&self, index: usize, progress: &JsValue) {
        let phase = string(progress, "phase").unwrap_or_default();
        // Parts have been prepared together; that one is being, says nothing.
        let Some((phase, _)) = Phase::ALL.into_iter().find(|(_, name)| *name == phase) else {
            return;
        };
        let attempt = property(progress, "attempt").as_f64().unwrap_or(1.0) as u32;
        if let Some(row) = self.rows.borrow_mut().get_mut(index) {
            row.at = Some((phase, attempt));
        }
        self.tell();
    }

    /// A part is over.
    pub fn close(&self, index: usize, is_done: bool) {
        if let Some(row) = self.rows.borrow_mut().get_mut(index) {
            row.is_done = is_done;
            row.at = None;
        }
        self.tell();
    }

    /// Whether the part is with the server.
    pub fn is_uploading(&self, index: usize) -> bool {
        let rows = self.rows.borrow();
        let at = rows.get(index).and_then(|row| row.at);
        at.is_some_and(|(phase, _)| phase == Phase::Uploading)
    }

    /// Tells the page.
    pub fn tell(&self) {
        if self.on_progress.is_none() {
            return;
        }
        // What the callback does may come back here, so nothing is borrowed then.
        let rows = self.rows.borrow().clone();
        let under_way = rows.iter().filter_map(|row| row.at);
        let done = rows.iter().filter(|row| row.is_done);
        let seconds = |sum: f64, row: &Row| sum + row.seconds;
        let phase = match under_way.clone().map(|(phase, _)| phase).max() {
            _ if rows.is_empty() => "preparing",
            Some(phase) => phase.name(),
            None => Phase::Uploading.name(),
        };
        let progress = Progress {
            phase,
            attempt: under_way.map(|(_, attempt)| attempt).max().unwrap_or(1),
            max_attempts: self.max_attempts,
            parts_done: done.clone().count(),
            parts_total: rows.len(),
            done_seconds: done.fold(0.0, seconds),
            total_seconds: rows.iter().fold(0.0, seconds),
        };
        notify(self.on_progress.as_ref(), &progress);
    }
}
