//! The sine, for filter design.
//!
//! The standard library's code that reduces any angle exactly is 8 kB of the wasm module. Counted
//! in half turns, the reduction is exact by itself.

/// Returns sin(π·`x`), exact to 1e-14 for every `x` in a filter design.
pub fn sin_pi(x: f64) -> f64 {
    let half_turns = x.round();
    let angle = (x - half_turns) * std::f64::consts::PI;
    let square = angle * angle;
    // The power series, from the smallest term that counts.
    let mut sum = 1.0;
    for n in (1..=9).rev() {
        let factors = f64::from(2 * n * (2 * n + 1));
        sum = 1.0 - square / factors * sum;
    }
    let sign = if half_turns as i64 % 2 == 0 {
        1.0
    } else {
        -1.0
    };
    sign * angle * sum
}

#[cfg(test)]
mod tests {
    use super::sin_pi;

    #[test]
    fn sin_pi_equals_the_sine() {
        for n in -40_000..40_000 {
            let x = f64::from(n) * 0.00317;
            let exact = (x * std::f64::consts::PI).sin();
            // The standard library's sine gets a rounded angle.
            assert!((sin_pi(x) - exact).abs() < 1e-12, "{x}");
        }
        for (x, exact) in [
            (0.0, 0.0),
            (0.5, 1.0),
            (-0.5, -1.0),
            (1.5, -1.0),
            (2.5, 1.0),
        ] {
            assert!((sin_pi(x) - exact).abs() < 1e-14, "{x}");
        }
        assert!((sin_pi(1.0 / 6.0) - 0.5).abs() < 1e-15);
    }
}
