//! Four numbers that are reckoned with at once.
//!
//! Every operation is written out lane by lane, in the order in which it would
//! be done without vector instructions, so that all targets give the same bits;
//! compilers make one instruction of it where there is one.

use std::ops::{Add, Mul, Sub};

/// Four numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lanes(pub [f32; 4]);

impl Lanes {
    /// Four zeros.
    pub const ZERO: Lanes = Lanes::of(0.0);

    /// The same number four times.
    pub const fn of(value: f32) -> Self {
        Lanes([value; 4])
    }
}

impl Add for Lanes {
    type Output = Self;
    fn add(self, Lanes([b0, b1, b2, b3]): Self) -> Self {
        let [a0, a1, a2, a3] = self.0;
        Lanes([a0 + b0, a1 + b1, a2 + b2, a3 + b3])
    }
}

impl Sub for Lanes {
    type Output = Self;
    fn sub(self, Lanes([b0, b1, b2, b3]): Self) -> Self {
        let [a0, a1, a2, a3] = self.0;
        Lanes([a0 - b0, a1 - b1, a2 - b2, a3 - b3])
    }
}

impl Mul for Lanes {
    type Output = Self;
    fn mul(self, Lanes([b0, b1, b2, b3]): Self) -> Self {
        let [a0, a1, a2, a3] = self.0;
        Lanes([a0 * b0, a1 * b1, a2 * b2, a3 * b3])
    }
}
