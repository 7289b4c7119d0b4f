//! The reference qualification service: what a clinic's vendor tests a terminal against, and what scenarios run with.
//!
//! It verifies everything for real; only its patients are invented. Loopback only.

#![forbid(unsafe_code)]

pub mod books;
pub mod compose;
mod controls;
pub mod dates;
mod exchange;
mod face_files;
pub mod files;
#[cfg(test)]
mod files_document;
pub mod items;
pub mod limits;
mod lookup;
pub mod patients;
pub mod pin_less;
pub mod pki;
pub mod proof;
mod refusal;
mod relay;
pub mod results;
mod server;
mod service;
pub mod settings;
mod visit;

use std::{
    collections::BTreeSet,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
pub use apdu_fixtures::pki::Institution;
use books::{BookedFile, BookedResult, BookedSignUp, Books, CertificateLookup, DeskNote, SessionCounts};
use card::TrustAnchors;
use controls::Controls;
use exchange::Exchange;
use pki::Pki;
pub use proof::Roots;
use proof::Trust;
use qualification::{PasscodeCopy, protocol::Facility};
pub use refusal::Refusal;
use service::Service;
pub use settings::Settings;
use tokio::{net::TcpListener, task::JoinHandle};
pub use visit::Presses;

/// Policy of user certificates on the test branch (card.md E-09); production cards have another.
pub const TEST_POLICY: &str = "1.2.392.200149.8.5.1.0.30";

/// Says nothing of what was there instead: it may be the digits.
const NOT_A_PASSCODE: &str = "the passcode must be the PHC string of Argon2id that `reader-daemon passcode` writes, never its \
                              digits, and ask for at most 64 MiB and 8 passes";

/// How to start a clinic.
pub struct ClinicOptions {
    /// Its folder: PKI, books and terminal bundles. Made if needed, kept between starts.
    pub dir: PathBuf,
    /// Where to listen; loopback only. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Roots of the user certificates it takes.
    pub anchors: TrustAnchors,
    /// The folder they were read from: copied into the terminals' bundles when it is known.
    pub anchor_files: Option<PathBuf>,
    /// Policy OIDs of the user certificates it takes.
    pub policies: BTreeSet<String>,
    /// Whose certificates it takes on phones; `None`: the same as on cards.
    pub phones: Option<Roots>,
    /// Names of the terminals; the first one's bundle is `DIR/terminal`, others' `DIR/terminal-NAME`.
    pub terminals: Vec<String>,
    /// What terminals show.
    pub facility: Facility,
    /// What the facility asks, and by which rules.
    pub settings: Settings,
    /// The facility's passcode for the visual check, hashed; `None`: it holds none, and terminals go by their own.
    pub passcode: Option<PasscodeCopy>,
    /// People and revocation list, TOML.
    pub people: String,
    /// Its credential for the PIN-less step of emulated cards (card.md 7.5 E-20). Nothing of it reaches a terminal.
    pub institution: Institution,
    /// Takes results of terminals that run demonstration weights. Nothing that such a clinic takes counts, and its books
    /// are never opened without it.
    pub demo: bool,
    /// How far its clock is ahead of the machine's, ms.
    pub clock_offset_ms: i64,
    /// The folder of the exchange with the レセコン: `req/`, `res/`, `face/`. `None`: no files.
    pub files: Option<PathBuf>,
    /// What files are written in.
    pub encoding: files::Encoding,
}

impl ClinicOptions {
    /// A clinic in `dir` that takes cards under `anchors`; everything else as usual.
    #[must_use]
    pub fn new(dir: &Path, anchors: TrustAnchors) -> Self {
        Self {
            dir: dir.to_owned(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            anchors,
            anchor_files: None,
            policies: BTreeSet::from([TEST_POLICY.to_owned()]),
            phones: None,
            terminals: vec!["terminal-1".to_owned()],
            facility: Facility { name: "みほん診療所".to_owned(), institution_code: "1310000000".to_owned() },
            settings: Settings::plain(),
            passcode: None,
            people: patients::INVENTED.to_owned(),
            institution: apdu_fixtures::pki::institution(),
            demo: false,
            clock_offset_ms: 0,
            files: None,
            encoding: files::Encoding::default(),
        }
    }
}

/// A running clinic. Dropping it ends it; its folder stays.
pub struct Clinic {
    url: String,
    bundles: Vec<PathBuf>,
    service: Arc<Service>,
    controls: Arc<Controls>,
    task: JoinHandle<()>,
    watch: Option<JoinHandle<()>>,
}

impl Clinic {
    /// Starts a clinic. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// What is wrong with the options or the folder, in words that say what to mend.
    pub async fn start(options: ClinicOptions) -> Result<Self> {
        ensure!(
            options.listen.ip().is_loopback(),
            "{} is not loopback: this service shows invented patients and a published PKI, it never listens elsewhere",
            options.listen.ip()
        );
        ensure!(!options.terminals.is_empty(), "at least one terminal must be named");
        ensure!(
            pin_less::can_be_loaded(&options.institution),
            "the institution's certificate for the PIN-less step must have 568 bytes"
        );
        if let Some(passcode) = &options.passcode {
            ensure!(passcode.is_well_formed(), NOT_A_PASSCODE);
        }
        let centre = patients::Centre::parse(&options.people).map_err(anyhow::Error::msg).context("people")?;
        let pki = Pki::open(&options.dir.join("service"))?;
        let listener = TcpListener::bind(options.listen).await.with_context(|| {
            format!("cannot listen on {}: choose another port, or 0 for a free one", options.listen)
        })?;
        let url = format!("https://{}", listener.local_addr()?);

        let books_path = pki.folder().join("books.sqlite");
        let books = Books::open(&books_path).with_context(|| books_path.display().to_string())?;
        let for_demo = books.dedicate(options.demo).with_context(|| books_path.display().to_string())?;
        ensure!(
            for_demo == options.demo,
            "the books in {} were {} --demo: answers given for a demonstration and those of patients never share books. \
             Start it {} --demo, or with another --dir",
            options.dir.display(),
            if for_demo { "begun with" } else { "begun without" },
            if for_demo { "with" } else { "without" },
        );
        ensure!(is_institution_code(&options.facility.institution_code), "the institution code must have ten digits");
        let exchange = match &options.files {
            Some(root) => Some(Exchange::open(root, options.encoding, &books, options.demo)?),
            None => None,
        };
        let mut bundles = Vec::new();
        for id in &options.terminals {
            let name = if bundles.is_empty() { "terminal".to_owned() } else { format!("terminal-{id}") };
            let bundle = options.dir.join(name);
            books.enrol(id, &pki.terminal(id, &bundle, &url)?)?;
            if let Some(anchors) = &options.anchor_files {
                pki::copy_anchors(anchors, &bundle.join("anchors"))?;
            }
            bundles.push(bundle);
        }
        let controls = Arc::new(Controls::new(options.clock_offset_ms, options.settings, options.passcode));
        let cards = Roots { anchors: options.anchors, policies: options.policies };
        let phones = options.phones.unwrap_or_else(|| cards.clone());
        let service = Arc::new(Service {
            books,
            controls: Arc::clone(&controls),
            centre,
            trust: Trust { cards, phones },
            facility: options.facility,
            institution: options.institution,
            demo: options.demo,
            exchange,
        });
        let tls = server::tls(pki.service_certificate()?)?;
        let router = service::router(Arc::clone(&service));
        let task = tokio::spawn(server::serve(listener, tls, router, Arc::clone(&controls)));
        let watch = service.exchange.is_some().then(|| tokio::spawn(exchange::watch(Arc::clone(&service))));
        Ok(Self { url, bundles, service, controls, task, watch })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Bundle of the first terminal, for [`qualification::Bundle::load`].
    #[must_use]
    pub fn terminal(&self) -> &Path {
        self.bundles.first().map_or(Path::new(""), PathBuf::as_path)
    }

    /// Bundles of all terminals, in the order of the options.
    #[must_use]
    pub fn bundles(&self) -> &[PathBuf] {
        &self.bundles
    }

    /// Pulls (`false`) or plugs the cable: refuses connections and cuts existing ones. Returns when it is so.
    pub async fn set_link(&self, up: bool) {
        self.controls.set_link(up).await;
    }

    /// The next `count` results are stored, but their receipts are lost with the connection.
    pub fn drop_receipts(&self, count: u32) {
        self.controls.set_drop_receipts(count);
    }

    /// New results are refused with `result_refused`, or taken again.
    pub fn refuse_results(&self, refuse: bool) {
        self.controls.set_refuse_results(refuse);
    }

    /// Whether the service does the PIN-less step; sessions opened from now on say so.
    pub fn set_pin_less(&self, on: bool) {
        self.controls.set_pin_less(on);
    }

    /// Whether the centre fails to sign cards up.
    pub fn set_sign_up_fails(&self, fails: bool) {
        self.controls.set_sign_up_fails(fails);
    }

    /// Every terminal is as unknown as if it were not in the books, or known again.
    pub fn refuse_terminals(&self, refuse: bool) {
        self.controls.set_refuse_terminals(refuse);
    }

    /// What the facility asks now.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.controls.settings()
    }

    /// What the facility asks, for proofs from now on.
    pub fn set_settings(&self, settings: Settings) {
        self.controls.set_settings(settings);
    }

    /// The facility's passcode for the visual check, hashed, for sessions opened from now on.
    ///
    /// # Errors
    /// It is no Argon2id PHC string, or one that asks for too much work.
    pub fn set_passcode(&self, passcode: Option<PasscodeCopy>) -> Result<()> {
        ensure!(passcode.as_ref().is_none_or(PasscodeCopy::is_well_formed), NOT_A_PASSCODE);
        self.controls.set_passcode(passcode);
        Ok(())
    }

    /// Every answer comes so much later.
    pub fn set_latency(&self, latency: Duration) {
        self.controls.set_latency(latency);
    }

    /// Moves the service's clock against the machine's, ms.
    pub fn set_clock_offset(&self, offset_ms: i64) {
        self.controls.set_clock_offset(offset_ms);
    }

    /// Every result in the books, oldest first.
    ///
    /// # Errors
    /// The books cannot be read.
    pub fn books(&self) -> Result<Vec<BookedResult>> {
        Ok(self.service.books.results()?)
    }

    /// Every note for the desk, oldest first. Nothing of a person is in them.
    ///
    /// # Errors
    /// The books cannot be read.
    pub fn desk(&self) -> Result<Vec<DeskNote>> {
        Ok(self.service.books.desk()?)
    }

    /// Everybody who was signed up here, oldest first.
    ///
    /// # Errors
    /// The books cannot be read.
    pub fn sign_ups(&self) -> Result<Vec<BookedSignUp>> {
        Ok(self.service.books.sign_ups()?)
    }

    /// Every question to the centre about another certificate of a patient, oldest first: each after a yes.
    ///
    /// # Errors
    /// The books cannot be read.
    pub fn certificate_lookups(&self) -> Result<Vec<CertificateLookup>> {
        Ok(self.service.books.certificate_lookups()?)
    }

    /// Every file for the レセコン, oldest first, without what is in it.
    ///
    /// # Errors
    /// The books cannot be read.
    pub fn files(&self) -> Result<Vec<BookedFile>> {
        Ok(self.service.books.files()?)
    }

    /// The folder of the exchange with the レセコン, where there is one.
    #[must_use]
    pub fn exchange(&self) -> Option<&Path> {
        self.service.exchange.as_ref().map(Exchange::root)
    }

    /// How many sessions are in which state.
    ///
    /// # Errors
    /// The books cannot be read.
    pub fn session_counts(&self) -> Result<SessionCounts> {
        Ok(self.service.books.session_counts()?)
    }

    /// Ends it and waits until its port and its books are free again.
    pub async fn stop(mut self) {
        self.task.abort();
        let _ = (&mut self.task).await;
        if let Some(mut watch) = self.watch.take() {
            watch.abort();
            let _ = (&mut watch).await;
        }
    }
}

/// 医療機関コード: it becomes part of file names.
fn is_institution_code(code: &str) -> bool {
    code.len() == 10 && code.bytes().all(|byte| byte.is_ascii_digit())
}

impl Drop for Clinic {
    fn drop(&mut self) {
        self.task.abort();
        if let Some(watch) = &self.watch {
            watch.abort();
        }
    }
}
