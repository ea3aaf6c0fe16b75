//! Counts tests from the output of cargo's and Node's test runners.

use std::ops::AddAssign;

/// Numbers of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TestCounts {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed, or were cancelled.
    pub failed: u64,
    /// Tests that were skipped.
    pub skipped: u64,
}

impl AddAssign for TestCounts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl TestCounts {
    /// Parses a line of a test runner's output. Returns zeros for other lines.
    pub fn from_line(line: &str) -> TestCounts {
        from_cargo(line)
            .or_else(|| from_node(line))
            .unwrap_or_default()
    }

    /// Whether no test ran.
    pub fn is_empty(self) -> bool {
        self.passed + self.failed == 0
    }
}

/// Parses `test result: ok. 12 passed; 0 failed; 1 ignored; …`.
fn from_cargo(line: &str) -> Option<TestCounts> {
    let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut counts = TestCounts::default();
    for part in numbers.split(';') {
        let Some((number, what)) = part.trim().split_once(' ') else {
            continue;
        };
        let Ok(number) = number.parse() else { continue };
        match what.trim() {
            "passed" => counts.passed = number,
            "failed" => counts.failed = number,
            "ignored" => counts.skipped = number,
            _ => {}
        }
    }
    Some(counts)
}

/// Parses `ℹ pass 12`, from the summary of Node's reporter `spec`.
fn from_node(line: &str) -> Option<TestCounts> {
    let (what, number) = line.strip_prefix("ℹ ")?.trim().split_once(' ')?;
    let number = number.parse().ok()?;
    let mut counts = TestCounts::default();
    match what {
        "pass" => counts.passed = number,
        "fail" | "cancelled" => counts.failed = number,
        "skipped" | "todo" => counts.skipped = number,
        _ => return None,
    }
    Some(counts)
}

#[cfg(test)]
mod tests {
    use super::TestCounts;

    fn total(output: &str) -> TestCounts {
        let mut total = TestCounts::default();
        for line in output.lines() {
            total += TestCounts::from_line(line);
        }
        total
    }

    #[test]
    fn adds_up_cargo() {
        let output = "running 2 tests\ntest a ... ok\n\
            test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s\n\
            test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 filtered out; finished in 1.50s\n";
        let expected = TestCounts {
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
        let expected = TestCounts {
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
