//! Certificate dates as patient-flow section 8 reads them. Days are days in Japan; a certificate ends at 23:59:59 there.

use jiff::{
    Timestamp, ToSpan,
    civil::Date,
    tz::{TimeZone, offset},
};
use qualification::protocol::CertificateState;

/// Day in Japan of a moment in seconds since 1970; `None` outside the calendar.
#[must_use]
pub fn day_in_japan(unix: i64) -> Option<Date> {
    let moment = Timestamp::from_second(unix).ok()?;
    Some(moment.to_zoned(TimeZone::fixed(offset(9))).date())
}

/// Last day of the grace period by the two rules in use: `[day to day, to the end of the month]`.
///
/// Sources differ on which one the centre follows.
#[must_use]
pub fn grace_ends(last_day: Date) -> Option<[Date; 2]> {
    let day_to_day = last_day.checked_add(3.months()).ok()?;
    Some([day_to_day, day_to_day.last_of_month()])
}

/// State by the dates alone; revocation is judged before.
///
/// The one place where the two rules of [`grace_ends`] meet: this service answers by the one more generous to the
/// patient.
#[must_use]
pub fn state(not_after_unix: i64, now_unix: i64) -> CertificateState {
    let (Some(last_day), Some(today)) = (day_in_japan(not_after_unix), day_in_japan(now_unix)) else {
        return CertificateState::Expired;
    };
    if now_unix > not_after_unix {
        let grace = grace_ends(last_day).and_then(|rules| rules.into_iter().max());
        return match grace {
            Some(end) if today <= end => CertificateState::Grace { last_day: last_day.to_string() },
            Some(_) | None => CertificateState::Expired,
        };
    }
    match last_day.checked_sub(3.months()) {
        Ok(notice) if today < notice => CertificateState::Valid,
        Ok(_) | Err(_) => CertificateState::EndsSoon { last_day: last_day.to_string() },
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
mod tests {
    use jiff::civil::date;

    use super::*;

    /// 23:59:59 in Japan on that day.
    fn end_of(day: Date) -> i64 {
        day.at(23, 59, 59, 0).to_zoned(TimeZone::fixed(offset(9))).unwrap().timestamp().as_second()
    }

    fn on(today: Date, last_day: Date) -> CertificateState {
        state(end_of(last_day), end_of(today) - 43_200)
    }

    fn soon(day: &str) -> CertificateState {
        CertificateState::EndsSoon { last_day: day.into() }
    }

    fn grace(day: &str) -> CertificateState {
        CertificateState::Grace { last_day: day.into() }
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
        assert_eq!(state(last, last), soon("2027-02-17"));
        assert_eq!(state(last, last + 1), grace("2027-02-17"));
    }

    #[test]
    fn grace_follows_the_rule_more_generous_to_the_patient() {
        let last = date(2027, 2, 17);
        assert_eq!(grace_ends(last), Some([date(2027, 5, 17), date(2027, 5, 31)]));
        assert_eq!(on(date(2027, 5, 18), last), grace("2027-02-17"));
        assert_eq!(on(date(2027, 5, 31), last), grace("2027-02-17"));
        assert_eq!(on(date(2027, 6, 1), last), CertificateState::Expired);
    }

    #[test]
    fn three_months_after_a_long_month_end_on_the_last_day_there_is() {
        assert_eq!(grace_ends(date(2026, 11, 30)), Some([date(2027, 2, 28), date(2027, 2, 28)]));
        assert_eq!(grace_ends(date(2027, 11, 30)), Some([date(2028, 2, 29), date(2028, 2, 29)]));
        assert_eq!(grace_ends(date(2027, 2, 28)), Some([date(2027, 5, 28), date(2027, 5, 31)]));
    }

    #[test]
    fn dates_outside_the_calendar_count_as_expired() {
        assert_eq!(state(i64::MAX, 0), CertificateState::Expired);
        assert_eq!(state(0, i64::MAX), CertificateState::Expired);
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
