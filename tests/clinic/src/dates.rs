//! Certificate dates as patient-flow section 8 reads them. Days are days in Japan; a certificate ends at 23:59:59 there.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime},
    tz::{TimeZone, offset},
};
use qualification::protocol::CertificateState;
use serde::Deserialize;

/// Day in Japan of a moment in seconds since 1970; `None` outside the calendar.
#[must_use]
pub fn day_in_japan(unix: i64) -> Option<Date> {
    let moment = Timestamp::from_second(unix).ok()?;
    Some(moment.to_zoned(TimeZone::fixed(offset(9))).date())
}

/// A moment in ms since 1970 as clocks in Japan show it, to the second; `None` outside the calendar.
#[must_use]
pub fn moment_in_japan(ms: u64) -> Option<DateTime> {
    let moment = Timestamp::from_second(i64::try_from(ms / 1000).ok()?).ok()?;
    Some(moment.to_zoned(TimeZone::fixed(offset(9))).datetime())
}

/// When the three months of grace end. Sources differ on which rule the centre follows (patient-flow section 8), so it is
/// a setting; the end of the month is never the earlier one and so the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GraceRule {
    /// On the same day of the third month, or on that month's last where it has no such day.
    OnTheDay,
    /// At the end of the third month.
    #[default]
    EndOfMonth,
}

impl GraceRule {
    /// Last day of the grace period.
    #[must_use]
    pub fn ends(self, last_day: Date) -> Option<Date> {
        let day_to_day = last_day.checked_add(3.months()).ok()?;
        Some(match self {
            Self::OnTheDay => day_to_day,
            Self::EndOfMonth => day_to_day.last_of_month(),
        })
    }
}

/// State by the dates alone; revocation is judged before. `rule`: `None` on phones, which have no months of grace.
#[must_use]
pub fn state(not_after_unix: i64, now_unix: i64, rule: Option<GraceRule>, with_stay: bool) -> CertificateState {
    let (Some(last_day), Some(today)) = (day_in_japan(not_after_unix), day_in_japan(now_unix)) else {
        return CertificateState::Expired;
    };
    let last_day_told = last_day.to_string();
    if now_unix > not_after_unix {
        return match rule.and_then(|rule| rule.ends(last_day)) {
            Some(end) if today <= end => CertificateState::Grace { last_day: last_day_told, with_stay },
            Some(_) | None => CertificateState::Expired,
        };
    }
    match last_day.checked_sub(3.months()) {
        Ok(notice) if today < notice => CertificateState::Valid,
        Ok(_) | Err(_) => CertificateState::EndsSoon { last_day: last_day_told, with_stay },
    }
}

/// Age that decides on checkups: the one reached by the end of the fiscal year, 31 March (patient-flow 4.1).
#[must_use]
pub fn age_in_fiscal_year(born: Date, today: Date) -> i16 {
    let year_of = |day: Date| if day.month() >= 4 { day.year() + 1 } else { day.year() };
    let end = year_of(today);
    // Born on 1 April: the law counts a year as complete the day before, still inside the fiscal year.
    let past_end = (born.month(), born.day()) > (4, 1);
    end - born.year() - i16::from(past_end)
}

#[cfg(test)]
#[path = "dates_walk.rs"]
mod walk;

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// 23:59:59 in Japan on that day.
    fn end_of(day: Date) -> i64 {
        day.at(23, 59, 59, 0).to_zoned(TimeZone::fixed(offset(9))).unwrap().timestamp().as_second()
    }

    fn on(today: Date, last_day: Date) -> CertificateState {
        state(end_of(last_day), end_of(today) - 43_200, Some(GraceRule::EndOfMonth), false)
    }

    fn soon(day: &str) -> CertificateState {
        CertificateState::EndsSoon { last_day: day.into(), with_stay: false }
    }

    fn grace(day: &str) -> CertificateState {
        CertificateState::Grace { last_day: day.into(), with_stay: false }
    }

    #[test]
    fn the_notice_begins_three_months_before_the_last_day() {
        let last = date(2027, 2, 17);
        assert_eq!(on(date(2026, 11, 16), last), CertificateState::Valid);
        assert_eq!(on(date(2026, 11, 17), last), soon("2027-02-17"));
        assert_eq!(on(last, last), soon("2027-02-17"));
    }

    #[test]
    fn the_certificate_is_valid_to_the_last_second_of_its_day_in_japan() {
        let last = end_of(date(2027, 2, 17));
        let at = |now, rule| state(last, now, rule, false);
        assert_eq!(at(last, Some(GraceRule::OnTheDay)), soon("2027-02-17"));
        assert_eq!(at(last + 1, Some(GraceRule::OnTheDay)), grace("2027-02-17"));
        // A phone has no grace: its certificate ends with that second.
        assert_eq!(at(last, None), soon("2027-02-17"));
        assert_eq!(at(last + 1, None), CertificateState::Expired);
    }

    #[test]
    fn the_end_of_a_stay_is_told_wherever_a_last_day_is() {
        let last = end_of(date(2027, 2, 17));
        let last_day = || "2027-02-17".to_owned();
        let at = |now| state(last, now, Some(GraceRule::default()), true);
        assert_eq!(at(last), CertificateState::EndsSoon { last_day: last_day(), with_stay: true });
        assert_eq!(at(last + 1), CertificateState::Grace { last_day: last_day(), with_stay: true });
    }

    #[test]
    fn without_a_setting_grace_follows_the_rule_more_generous_to_the_patient() {
        let last = date(2027, 2, 17);
        assert_eq!(GraceRule::OnTheDay.ends(last), Some(date(2027, 5, 17)));
        assert_eq!(GraceRule::default().ends(last), Some(date(2027, 5, 31)));
        assert_eq!(on(date(2027, 5, 18), last), grace("2027-02-17"));
        assert_eq!(on(date(2027, 5, 31), last), grace("2027-02-17"));
        assert_eq!(on(date(2027, 6, 1), last), CertificateState::Expired);
    }

    #[test]
    fn three_months_after_a_long_month_end_on_the_last_day_there_is() {
        for (last_day, on_the_day, end_of_month) in [
            (date(2026, 11, 30), date(2027, 2, 28), date(2027, 2, 28)),
            (date(2027, 11, 30), date(2028, 2, 29), date(2028, 2, 29)),
            (date(2027, 2, 28), date(2027, 5, 28), date(2027, 5, 31)),
            (date(2028, 2, 29), date(2028, 5, 29), date(2028, 5, 31)),
        ] {
            assert_eq!(GraceRule::OnTheDay.ends(last_day), Some(on_the_day), "{last_day}");
            assert_eq!(GraceRule::EndOfMonth.ends(last_day), Some(end_of_month), "{last_day}");
        }
    }

    #[test]
    fn dates_outside_the_calendar_count_as_expired() {
        for rule in [None, Some(GraceRule::OnTheDay), Some(GraceRule::EndOfMonth)] {
            assert_eq!(state(i64::MAX, 0, rule, false), CertificateState::Expired);
            assert_eq!(state(0, i64::MAX, rule, false), CertificateState::Expired);
        }
    }

    #[test]
    fn checkups_go_by_the_age_at_the_end_of_the_fiscal_year() {
        let today = date(2026, 11, 22); // fiscal year to 2027-03-31
        assert_eq!(age_in_fiscal_year(date(1987, 3, 31), today), 40);
        assert_eq!(age_in_fiscal_year(date(1987, 4, 1), today), 40);
        assert_eq!(age_in_fiscal_year(date(1987, 4, 2), today), 39);
        assert_eq!(age_in_fiscal_year(date(1986, 12, 31), today), 40);
        assert_eq!(age_in_fiscal_year(date(1987, 3, 31), date(2026, 3, 31)), 39);
    }
}
