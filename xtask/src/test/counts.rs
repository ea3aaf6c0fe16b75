//! Adds up what cargo's and Node's test runners print.

use std::ops::AddAssign;

/// Numbers of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed, or were cancelled.
    pub failed: u64,
    /// Tests that were left out.
    pub skipped: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl Tally {
    /// What one line of a runner's output adds.
    pub fn of_line(line: &str) -> Tally {
        of_cargo(line).or_else(|| of_node(line)).unwrap_or_default()
    }

    /// Whether no test was seen at all.
    pub fn is_empty(self) -> bool {
        self.passed + self.failed == 0
    }
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; …`
fn of_cargo(line: &str) -> Option<Tally> {
    let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut tally = Tally::default();
    for part in numbers.split(';') {
        let Some((number, what)) = part.trim().split_once(' ') else {
            continue;
        };
        let Ok(number) = number.parse() else { continue };
        match what.trim() {
            "passed" => tally.passed = number,
            "failed" => tally.failed = number,
            "ignored" => tally.skipped = number,
            _ => {}
        }
    }
    Some(tally)
}

/// `ℹ pass 12`, as Node's reporter `spec` closes.
fn of_node(line: &str) -> Option<Tally> {
    let (what, number) = line.strip_prefix("ℹ ")?.trim().split_once(' ')?;
    let number = number.parse().ok()?;
    let mut tally = Tally::default();
    match what {
        "pass" => tally.passed = number,
        "fail" | "cancelled" => tally.failed = number,
        "skipped" | "todo" => tally.skipped = number,
        _ => return None,
    }
    Some(tally)
}

#[cfg(test)]
mod tests {
    use super::Tally;

    fn total(output: &str) -> Tally {
        let mut total = Tally::default();
        for line in output.lines() {
            total += Tally::of_line(line);
        }
        total
    }

    #[test]
    fn adds_up_cargo() {
        let output = "running 2 tests\ntest a ... ok\n\
            test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s\n\
            test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 filtered out; finished in 1.50s\n";
        let expected = Tally {
            passed: 15,
            failed: 2,
            skipped: 1,
        };
        assert_eq!(total(output), expected);
    }

    #[test]
    fn adds_up_node() {
        let output = "✔ a (1ms)\nℹ tests 9\nℹ suites 1\nℹ pass 5\nℹ fail 1\nℹ cancelled 1\n\
            ℹ skipped 2\nℹ todo 0\nℹ duration_ms 41.2\n";
        let expected = Tally {
            passed: 5,
            failed: 2,
            skipped: 2,
        };
        assert_eq!(total(output), expected);
    }

    #[test]
    fn other_lines_add_nothing() {
        assert!(total("test result: what\nℹ pass many\npass 3\n✔ 4 passed\n").is_empty());
    }
}
