//! Error rates from scores: false matches among impostors, false non-matches among genuine pairs, with bounds that say how
//! little a small set shows.

use serde::Serialize;

/// A rate with its 95 % bounds (Wilson score interval; for zero of n the upper bound is about 3.8 / n).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Rate {
    /// How many.
    pub(crate) count: usize,
    /// Of how many.
    pub(crate) of: usize,
    /// `count / of`; 0 of nothing is 0.
    pub(crate) rate: f64,
    /// Lower 95 % bound.
    pub(crate) low: f64,
    /// Upper 95 % bound.
    pub(crate) high: f64,
}

impl Rate {
    /// `count` of `of`.
    #[must_use]
    pub(crate) fn new(count: usize, of: usize) -> Self {
        const Z: f64 = 1.959_963_985;
        if of == 0 {
            return Self { count, of, rate: 0.0, low: 0.0, high: 1.0 };
        }
        let n = of as f64;
        let p = count as f64 / n;
        let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let base = 1.0 + Z * Z / n;
        let middle = p + Z * Z / (2.0 * n);
        let low = if count == 0 { 0.0 } else { (middle - spread) / base };
        let high = if count == of { 1.0 } else { (middle + spread) / base };
        Self { count, of, rate: p, low, high }
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { count, of, rate, low, high } = self;
        write!(f, "{:.3} % ({count}/{of}; 95 %: {:.3}–{:.3} %)", rate * 100.0, low * 100.0, high * 100.0)
    }
}

/// Scores of one group of people.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scores {
    /// Same person.
    pub(crate) genuine: Vec<f32>,
    /// Different persons.
    pub(crate) impostor: Vec<f32>,
}

impl Scores {
    /// Impostors at or above `threshold`.
    #[must_use]
    pub(crate) fn false_matches(&self, threshold: f32) -> Rate {
        Rate::new(self.impostor.iter().filter(|score| **score >= threshold).count(), self.impostor.len())
    }

    /// Genuine pairs below `threshold`.
    #[must_use]
    pub(crate) fn false_non_matches(&self, threshold: f32) -> Rate {
        // What is not a number is no match.
        Rate::new(self.genuine.iter().filter(|score| score.is_nan() || **score < threshold).count(), self.genuine.len())
    }

    /// The lowest threshold with a false match rate of at most `rate`, and the true accept rate there. `None`: the set has
    /// too few impostors to show such a rate.
    #[must_use]
    pub(crate) fn accept_rate_at(&self, rate: f64) -> Option<(f32, Rate)> {
        let allowed = (self.impostor.len() as f64 * rate).floor() as usize;
        if allowed == 0 {
            return None;
        }
        let mut scores = self.impostor.clone();
        scores.sort_by(|a, b| b.total_cmp(a));
        // Just above the first impostor that may not pass.
        let threshold = scores.get(allowed).map_or(-1.0, |score| score.next_up());
        let accepted = self.genuine.iter().filter(|score| **score >= threshold).count();
        Some((threshold, Rate::new(accepted, self.genuine.len())))
    }

    /// `(threshold, FMR, FNMR)` from -0.2 to 1 in steps of 0.01.
    #[must_use]
    pub(crate) fn curve(&self) -> Vec<(f32, f64, f64)> {
        let steps = -20..=100_i8;
        steps
            .map(|step| f32::from(step) / 100.0)
            .map(|at| (at, self.false_matches(at).rate, self.false_non_matches(at).rate))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_bounds_are_those_of_the_textbook() {
        let rate = Rate::new(10, 100);
        assert!((rate.low - 0.0552).abs() < 5e-4 && (rate.high - 0.1744).abs() < 5e-4, "{rate}");
        let none = Rate::new(0, 1000);
        assert!(none.low == 0.0 && (none.high - 0.003827).abs() < 5e-5, "{none}");
    }

    #[test]
    fn a_score_at_the_threshold_matches() {
        let scores = Scores { genuine: vec![0.4, 0.39], impostor: vec![0.4, 0.1] };
        assert_eq!((scores.false_matches(0.4).count, scores.false_non_matches(0.4).count), (1, 1));
    }

    #[test]
    fn a_rate_the_set_cannot_show_is_not_claimed() {
        let scores = Scores { genuine: vec![0.9], impostor: vec![0.1; 100] };
        assert!(scores.accept_rate_at(1e-4).is_none());
        let many = Scores { genuine: vec![0.9, 0.05], impostor: (0..1000).map(|n| n as f32 / 10_000.0).collect() };
        let (threshold, accepted) = many.accept_rate_at(1e-3).unwrap();
        assert_eq!(many.false_matches(threshold).count, 1);
        assert_eq!(accepted.count, 1);
    }

    #[test]
    fn what_is_not_a_number_never_matches() {
        let scores = Scores { genuine: vec![f32::NAN], impostor: vec![f32::NAN] };
        assert_eq!((scores.false_matches(-1.0).count, scores.false_non_matches(-1.0).count), (0, 1));
    }
}
