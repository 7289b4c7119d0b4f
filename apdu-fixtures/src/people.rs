//! The invented people whose cards are emulated. `tests/clinic` knows the same serial numbers; nobody of them exists.

use jiff::civil::{Date, date};

/// Sex as the card stores it (JIS X 0303, card.md 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// `1`
    Male,
    /// `2`
    Female,
}

impl Sex {
    /// The digit in the chip.
    pub fn digit(self) -> u8 {
        match self {
            Sex::Male => b'1',
            Sex::Female => b'2',
        }
    }
}

/// An invented holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Serial number of the user certificate: what the clinic's service looks up (発行の番号).
    pub serial: u32,
    /// Family name, U+3000, given name (card.md 6).
    pub name: String,
    /// Date of birth.
    pub birth: Date,
    /// Sex.
    pub sex: Sex,
    /// Address, full width.
    pub address: String,
    /// The four digits printed under the photo.
    pub security_code: String,
}

impl Person {
    /// An invented person; address and security code follow from the serial number.
    pub fn new(serial: u32, name: &str, birth: Date, sex: Sex) -> Self {
        Person {
            serial,
            name: name.replace(' ', "\u{3000}"),
            birth,
            sex,
            address: "見本県見本市見本町１丁目１番１号".to_owned(),
            security_code: format!("{:04}", serial % 10_000),
        }
    }

    /// A My Number that cannot exist: its check digit is wrong on purpose. The terminal never reads it (law 6).
    pub(crate) fn impossible_my_number(&self) -> String {
        let eleven = format!("{:011}", u64::from(self.serial) % 100_000_000_000);
        let sum: u32 = eleven
            .bytes()
            .rev()
            .zip(1u32..)
            .map(|(digit, n)| u32::from(digit - b'0') * if n <= 6 { n + 1 } else { n - 5 })
            .sum();
        let right = match sum % 11 {
            0 | 1 => 0,
            rest => 11 - rest,
        };
        format!("{eleven}{}", (right + 1) % 10)
    }
}

/// 照合番号B: birth date with the year of the Japanese era, expiry year of the card, security code (card.md 5.1).
pub fn surface_code(person: &Person, card_expires: Date) -> String {
    printed_code(&birth_code(person.birth), person, card_expires)
}

/// The same behind whatever birth date is printed.
pub(crate) fn printed_code(printed_birth: &str, person: &Person, card_expires: Date) -> String {
    format!("{printed_birth}{:04}{}", card_expires.year(), person.security_code)
}

/// The date-of-birth key: YYMMDD with the year of the Japanese era (card.md 5.1).
pub fn birth_code(birth: Date) -> String {
    format!("{:02}{:02}{:02}", era_year(birth), birth.month(), birth.day())
}

/// The same where the date is printed western, as on cards of foreign residents: the last two digits of the year
/// (card.md 5.1; nobody says so for the My Number card).
pub fn western_birth_code(birth: Date) -> String {
    format!("{:02}{:02}{:02}", birth.year().rem_euclid(100), birth.month(), birth.day())
}

fn era_year(date: Date) -> i16 {
    // First days of Reiwa, Heisei, Showa, Taisho; the year they began in is year 1 (card.md 5.1).
    let eras = [(2019, 5, 1), (1989, 1, 8), (1926, 12, 25), (1912, 7, 30)];
    let start =
        eras.into_iter().find(|(year, month, day)| (date.year(), date.month(), date.day()) >= (*year, *month, *day));
    let first_year = start.map_or(1868, |(year, _, _)| year);
    date.year() - first_year + 1
}

/// Everybody, in order of serial number.
pub fn everybody() -> Vec<Person> {
    use Sex::{Female, Male};
    let all = [
        (1001, "見本 花子", date(1950, 4, 1), Female),
        (1002, "見本 太郎", date(1985, 7, 12), Male),
        (1003, "試験 高子", date(1948, 11, 3), Female),
        (1004, "見本 次郎", date(1972, 2, 29), Male),
        (1005, "見本 三郎", date(1990, 1, 8), Male),
        (1006, "見本 四郎", date(1966, 12, 31), Male),
        (1007, "見本 五郎", date(1959, 5, 5), Male),
        (1008, "見本 六郎", date(1980, 8, 8), Male),
        (1009, "見本 七子", date(1977, 7, 7), Female),
        (1010, "見本 八重", date(1999, 9, 9), Female),
        (1011, "見本 九美", date(1949, 3, 3), Female),
        (1012, "見本 十和", date(1947, 10, 10), Female),
        (1013, "見本 若葉", date(2001, 5, 1), Female),
        (1014, "見本 失子", date(1970, 1, 15), Female),
        (1015, "見本 停子", date(1971, 2, 16), Female),
        (1017, "見本 登", date(1982, 6, 6), Male),
        (1018, "見本 戻", date(1964, 2, 29), Male),
    ];
    all.into_iter().map(|(serial, name, birth, sex)| Person::new(serial, name, birth, sex)).collect()
}

/// The person with this certificate serial number.
pub fn by_serial(serial: u32) -> Option<Person> {
    everybody().into_iter().find(|person| person.serial == serial)
}

/// The person with this name; family and given name separated by either kind of space.
pub fn by_name(name: &str) -> Option<Person> {
    let name = name.replace(' ', "\u{3000}");
    everybody().into_iter().find(|person| person.name == name)
}
