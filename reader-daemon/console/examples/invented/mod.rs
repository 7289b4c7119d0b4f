//! A terminal that is not there: invented visits, notes and figures. No real person, facility or code is meant.

use std::{
    io,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use console::{
    Terminal,
    terminal::{
        Chain, Check, Day, Journal, JournalLine, Note, NoteKind, Now, Part, PartKind, PartState, Statistics, Step,
        Text, Trouble, VisualCheck,
    },
};
use screen::Wish;
use tokio::sync::watch;

/// What happens by itself, one line every few seconds.
pub(crate) const SCENES: &[&str] = &[
    "step placing_card",
    "step choosing_method",
    "step facing_camera",
    "step waiting",
    "step answering",
    "step taking_card",
    "step free",
    "note",
    "step placing_card",
    "step entering_pin",
    "away",
    "step needs_help",
    "back",
    "close",
    "clear",
    "step checking_visually",
    "step free",
    "practice",
    "practice",
];

pub(crate) struct Invented {
    now: watch::Sender<Now>,
    next: AtomicU64,
}

fn ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_millis().try_into().unwrap_or(0))
}

fn text(ja: &str, en: &str) -> Text {
    Text { ja: ja.to_owned(), en: en.to_owned() }
}

impl Invented {
    pub(crate) fn new() -> Self {
        let works = [
            PartKind::CardReader,
            PartKind::PhoneReader,
            PartKind::Face,
            PartKind::Screen,
            PartKind::Storage,
            PartKind::Service,
            PartKind::Centre,
        ];
        let parts = works.into_iter().map(|kind| Part { kind, state: PartState::Works }).collect();
        let now = Now {
            terminal: "見本端末1".to_owned(),
            facility: Some("見本クリニック".to_owned()),
            step: Step::Free,
            since_ms: ms(),
            parts,
            notes: Vec::new(),
            visual: Some(VisualCheck::Open),
            undelivered: 0,
            practice: false,
        };
        Self { now: watch::Sender::new(now), next: AtomicU64::new(1) }
    }

    /// Does what the line says; `false`: it says to stop.
    pub(crate) fn steer(&self, line: &str) -> bool {
        match line.trim() {
            "note" => self.note(
                NoteKind::Called(Some(Wish::Writing)),
                None,
                text("受付の画面で筆談のボタンが押されました。", "The button for writing was pressed."),
            ),
            "away" => self.away(),
            "back" => self.now.send_modify(|now| now.parts.iter_mut().for_each(|part| part.state = PartState::Works)),
            "close" => self.now.send_modify(|now| now.visual = Some(VisualCheck::ClosedForDay)),
            "practice" => self.now.send_modify(|now| now.practice = !now.practice),
            "fill" => self.fill(),
            "clear" => self.now.send_modify(|now| {
                now.notes.clear();
                now.undelivered = 0;
                now.practice = false;
                now.visual = Some(VisualCheck::Open);
                now.step = Step::Free;
            }),
            "stop" => return false,
            other => {
                let step = other.strip_prefix("step ").and_then(step).unwrap_or(Step::Free);
                self.now.send_modify(|now| (now.step, now.since_ms) = (step, ms()));
            }
        }
        true
    }

    fn note(&self, kind: NoteKind, code: Option<u16>, what: Text) {
        let advice = match kind {
            NoteKind::Called(_) => {
                vec![text("筆談の用具を持って端末へ行ってください。", "Take something to write with to the terminal.")]
            }
            NoteKind::Desk => vec![
                text(
                    "患者さんを窓口へ案内し、資格確認書を見せてもらってください。",
                    "Ask the patient to the desk and for another proof of qualification.",
                ),
                text("ほかの患者さんに聞こえないように話してください。", "Speak so that others do not hear it."),
            ],
            NoteKind::Undelivered => vec![text(
                "待つ必要はありません。窓口で受付を続けてください。",
                "Do not wait. Go on receiving patients at the desk.",
            )],
            NoteKind::VisualCheck | NoteKind::CardLeft | NoteKind::Fault | NoteKind::Other => Vec::new(),
        };
        let id = self.next.fetch_add(1, Ordering::SeqCst);
        let note = Note { id, at_ms: ms(), kind, code, text: what, advice };
        self.now.send_modify(|now| now.notes.push(note));
    }

    fn away(&self) {
        let advice = text(
            "院内LANのケーブルと、資格確認端末の電源を確かめてください。",
            "Check the cable of the clinic's network and the power of its PC.",
        );
        self.now.send_modify(|now| {
            for part in &mut now.parts {
                match part.kind {
                    PartKind::Service => {
                        part.state = PartState::Away { code: 907, since_ms: ms() - 180_000, advice: advice.clone() }
                    }
                    PartKind::Centre => part.state = PartState::Unknown,
                    PartKind::PhoneReader => part.state = PartState::NotUsed,
                    PartKind::CardReader | PartKind::Face | PartKind::Screen | PartKind::Storage => {}
                }
            }
        });
    }

    fn fill(&self) {
        self.steer("clear");
        self.note(
            NoteKind::Called(Some(Wish::Writing)),
            None,
            text("受付の画面で筆談のボタンが押されました。", "The button for writing was pressed."),
        );
        self.note(
            NoteKind::Desk,
            Some(6),
            text("資格の確認結果について、窓口での説明が必要です。", "What was found has to be explained at the desk."),
        );
        self.note(
            NoteKind::Undelivered,
            Some(920),
            text(
                "1件の結果がまだ届いていません。自動で送り直しています。",
                "One result is not delivered yet. It is sent again.",
            ),
        );
        self.now.send_modify(|now| {
            (now.step, now.since_ms, now.undelivered) = (Step::EnteringPin, ms() - 95_000, 1);
            let ages = [240_000, 150_000, 20_000];
            now.notes.iter_mut().zip(ages).for_each(|(note, age)| note.at_ms -= age);
        });
    }
}

fn step(word: &str) -> Option<Step> {
    Some(match word {
        "free" => Step::Free,
        "placing_card" => Step::PlacingCard,
        "choosing_method" => Step::ChoosingMethod,
        "facing_camera" => Step::FacingCamera,
        "entering_pin" => Step::EnteringPin,
        "checking_visually" => Step::CheckingVisually,
        "waiting" => Step::Waiting,
        "answering" => Step::Answering,
        "taking_card" => Step::TakingCard,
        "card_left" => Step::CardLeft,
        "needs_help" => Step::NeedsHelp(1),
        _ => return None,
    })
}

impl Terminal for Invented {
    fn now(&self) -> watch::Receiver<Now> {
        self.now.subscribe()
    }

    fn sign_in(&self, _: bool) {}

    fn settle(&self, note: u64) -> bool {
        let mut found = false;
        self.now.send_modify(|now| {
            let before = now.notes.len();
            now.notes.retain(|one| one.id != note);
            found = now.notes.len() < before;
        });
        found
    }

    fn open_visual_check(&self) -> io::Result<()> {
        self.now.send_modify(|now| now.visual = Some(VisualCheck::Open));
        Ok(())
    }

    fn health(&self) -> Vec<Check> {
        thread::sleep(Duration::from_millis(700));
        let good = |name: &str, found: &str| Check { name: name.to_owned(), found: Ok(found.to_owned()) };
        let mut checks = vec![
            good("configuration", "/etc/reader-daemon/config.toml"),
            good("card reader", "Invented Reader 01 00"),
            good("camera", "/dev/video0, 1280x720, 30 frames a second"),
            good("service", "https://kakunin.example:8443, 12 ms"),
            good("clock", "0.2 s from the service's"),
            good("storage", "41 GB free"),
        ];
        if self.now.borrow().parts.iter().any(|part| matches!(part.state, PartState::Away { .. })) {
            let trouble = Trouble {
                cause: "no answer within 5 s from kakunin.example:8443".to_owned(),
                cure: "check cable and power of the clinic's PC".to_owned(),
            };
            checks.retain(|check| check.name != "service");
            checks.push(Check { name: "service".to_owned(), found: Err(trouble) });
        }
        checks
    }

    fn journal(&self, _from: Day, to: Day) -> io::Result<Journal> {
        let events = [
            ("started", "端末のプログラムが起動した"),
            ("reader", "読み取り機がつながった、または外れた"),
            ("link", "資格確認サービスとの接続"),
            ("staff_told", "職員に知らせた"),
            ("late_receipt", "以前の結果の受領が届いた"),
            ("visit_ended", "受付が終わった"),
        ];
        let lines = (0..420_u64).map(|number| {
            let (visit, part) = (number / 6, events[(number % 6) as usize]);
            JournalLine {
                number: 10_000 + number,
                at_ms: ms() - (420 - number) * 61_000,
                event: part.0.to_owned(),
                meaning: Text { ja: part.1.to_owned(), en: part.0.replace('_', " ") },
                members: format!(
                    "{{\"visit\":\"{:08x}\",\"step\":{}}}",
                    (visit * 2_654_435_761) % 4_294_967_296,
                    number % 6
                ),
            }
        });
        Ok(Journal { lines: lines.collect(), chain: Chain::Whole { lines: 10_420, signed: Some(to) }, cut: false })
    }

    fn statistics(&self, _from: Day, _to: Day) -> io::Result<Statistics> {
        let mut counts = Statistics { ended: [118, 1, 6, 3], ..Statistics::default() };
        for (hour, count) in (8..19).zip([6, 21, 24, 19, 9, 0, 11, 17, 13, 6, 2]) {
            counts.hours[hour] = count;
        }
        counts.methods = [("face", 71), ("pin", 38), ("visual", 6), ("iphone", 9), ("android", 4)]
            .map(|(name, count)| (name.to_owned(), count))
            .to_vec();
        let steps = [
            ("placing_card", 3_100),
            ("choosing_method", 2_400),
            ("facing_camera", 4_800),
            ("entering_pin", 6_900),
            ("waiting_for_result", 1_300),
            ("giving_consent", 7_400),
            ("taking_card", 2_900),
        ];
        counts.steps = steps.map(|(name, ms)| (name.to_owned(), ms)).to_vec();
        counts.faults = vec![(1, 2), (907, 1)];
        Ok(counts)
    }
}
