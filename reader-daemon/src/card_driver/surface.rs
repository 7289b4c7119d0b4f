//! Where the surface code comes from: keyed in and checked, or read by the scanner on a thread of its own.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use card::{SurfaceCode, SurfaceScanner};
use session::{CodeSource, PhotoResult};
use tokio::{sync::oneshot, time::timeout};

use crate::{
    dates,
    limits::{SURFACE_GRACE, SURFACE_SCAN},
};

/// The scanner, if there is one.
pub(super) struct Surface {
    scanner: Option<Arc<dyn SurfaceScanner>>,
    /// A scan has not returned yet, perhaps one that was given up: no second one is begun beside it.
    busy: Arc<AtomicBool>,
}

/// The surface code, or the way to it.
pub(super) enum Code {
    Known(SurfaceCode),
    Scanning(Pin<Box<dyn Future<Output = Option<SurfaceCode>> + Send>>),
    Not(PhotoResult),
}

impl Surface {
    pub(super) fn new(scanner: Option<Arc<dyn SurfaceScanner>>) -> Self {
        Self { scanner, busy: Arc::new(AtomicBool::new(false)) }
    }

    pub(super) fn code(&self, source: &CodeSource) -> Code {
        match source {
            CodeSource::Scanner => self.scan(),
            CodeSource::Keyed { era, birth_date, expiry_year, security_code } => {
                let (era, year) = (printed(*era), dates::this_year());
                match SurfaceCode::from_printed(era, &birth_date.0, &expiry_year.0, &security_code.0, year) {
                    Ok(code) => Code::Known(code),
                    Err(_) => Code::Not(PhotoResult::Implausible),
                }
            }
        }
    }

    fn scan(&self) -> Code {
        let Some(scanner) = self.scanner.clone() else { return Code::Not(PhotoResult::NoSurfaceCode) };
        if self.busy.swap(true, Ordering::AcqRel) {
            return Code::Not(PhotoResult::NoSurfaceCode);
        }
        let free = Free(Arc::clone(&self.busy));
        let (read, heard) = oneshot::channel();
        let thread = std::thread::Builder::new().name("surface".into()).spawn(move || {
            let code = scanner.scan(SURFACE_SCAN);
            // Free before anybody hears of it; a panic frees it too, and then nobody answers, which is no code.
            drop(free);
            let _ = read.send(code);
        });
        if thread.is_err() {
            return Code::Not(PhotoResult::NoSurfaceCode);
        }
        Code::Scanning(Box::pin(async move {
            match timeout(SURFACE_SCAN + SURFACE_GRACE, heard).await {
                Ok(Ok(code)) => code,
                Ok(Err(_)) | Err(_) => None,
            }
        }))
    }
}

struct Free(Arc<AtomicBool>);

impl Drop for Free {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

fn printed(era: screen::Era) -> card::Era {
    match era {
        screen::Era::Taisho => card::Era::Taisho,
        screen::Era::Showa => card::Era::Showa,
        screen::Era::Heisei => card::Era::Heisei,
        screen::Era::Reiwa => card::Era::Reiwa,
        screen::Era::Western => card::Era::Western,
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Mutex, mpsc},
        time::Duration,
    };

    use screen::{Era, SurfaceDigits};

    use super::*;

    /// Answers when it is told to.
    struct Told(Mutex<mpsc::Receiver<Option<[u8; 14]>>>);

    impl SurfaceScanner for Told {
        fn scan(&self, _: Duration) -> Option<SurfaceCode> {
            self.0.lock().unwrap().recv().unwrap().and_then(|digits| SurfaceCode::from_digits(&digits))
        }
    }

    fn keyed(era: Era, birth_date: &str, expiry_year: &str, security_code: &str) -> CodeSource {
        let digits = |text: &str| SurfaceDigits(text.to_owned());
        CodeSource::Keyed {
            era,
            birth_date: digits(birth_date),
            expiry_year: digits(expiry_year),
            security_code: digits(security_code),
        }
    }

    #[test]
    fn what_was_keyed_in_is_checked_before_a_try_is_spent() {
        let surface = Surface::new(None);
        let next_year = (dates::this_year() + 1).to_string();
        assert!(matches!(surface.code(&keyed(Era::Showa, "250401", &next_year, "1234")), Code::Known(_)));
        for source in [
            keyed(Era::Showa, "250431", &next_year, "1234"),
            keyed(Era::Showa, "250401", "1999", "1234"),
            keyed(Era::Showa, "250401", &next_year, "12"),
            keyed(Era::Western, "250401", &next_year, "1234"),
        ] {
            assert!(matches!(surface.code(&source), Code::Not(PhotoResult::Implausible)), "{source:?}");
        }
    }

    #[tokio::test]
    async fn without_a_scanner_or_beside_a_scan_under_way_the_code_is_keyed_in() {
        assert!(matches!(Surface::new(None).code(&CodeSource::Scanner), Code::Not(PhotoResult::NoSurfaceCode)));
        let (tell, told) = mpsc::channel();
        let surface = Surface::new(Some(Arc::new(Told(Mutex::new(told)))));
        let Code::Scanning(first) = surface.code(&CodeSource::Scanner) else { panic!("no scan") };
        assert!(matches!(surface.code(&CodeSource::Scanner), Code::Not(PhotoResult::NoSurfaceCode)));
        tell.send(Some(*b"25040120301234")).unwrap();
        assert!(first.await.is_some());
        let Code::Scanning(second) = surface.code(&CodeSource::Scanner) else { panic!("no second scan") };
        drop(tell);
        assert!(second.await.is_none(), "a scanner that breaks reads nothing");
    }
}
