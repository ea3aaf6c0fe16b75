//! The figures: counts, percentages, and the table.

use std::fmt;

use serde_json::{Value, json};

/// Named figures, in the order of the table.
#[derive(Default)]
pub struct Figures(Vec<(String, String, Value)>);

/// How many of how many.
#[derive(Default, Clone, Copy)]
pub struct Share {
    pub part: usize,
    pub whole: usize,
}

impl Share {
    pub fn add(&mut self, is_part: bool) {
        self.part += usize::from(is_part);
        self.whole += 1;
    }

    fn percent(self) -> f64 {
        100.0 * self.part as f64 / self.whole.max(1) as f64
    }
}

impl fmt::Display for Share {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{:.1} % ({} of {})",
            self.percent(),
            self.part,
            self.whole
        )
    }
}

impl Figures {
    pub fn put(&mut self, name: impl Into<String>, shown: String, value: Value) {
        let name = name.into();
        eprintln!("{name}: {shown}");
        self.0.push((name, shown, value));
    }

    pub fn put_share(&mut self, name: impl Into<String>, share: Share) {
        let Share { part, whole } = share;
        let percent = share.percent();
        self.put(
            name,
            share.to_string(),
            json!({ "part": part, "whole": whole, "percent": percent }),
        );
    }

    /// Prints the table, and what is not in it.
    pub fn print(&self) {
        println!("\n| figure | value |\n|---|---|");
        for (name, shown, _) in &self.0 {
            println!("| {name} | {shown} |");
        }
        println!(
            "\nNot known: Korean children, errors of Korean learners as experts hear them, real \
             rooms. Words of the recordings were refused whether or not experts rate them well; \
             their missing words were put into the text, not left out by the speaker."
        );
    }

    /// The figures as they are.
    pub fn to_json(&self) -> Value {
        let entries = self.0.iter();
        entries
            .map(|(name, _, value)| (name.clone(), value.clone()))
            .collect()
    }
}

impl std::ops::AddAssign for Share {
    fn add_assign(&mut self, other: Share) {
        self.part += other.part;
        self.whole += other.whole;
    }
}
