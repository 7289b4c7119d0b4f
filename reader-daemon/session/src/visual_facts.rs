//! Whether the visual check can be chosen, and whether its photo can come. What the face worker has seen or decided does
//! not matter here: staff judge for themselves (law 8, "the way on is PIN or staff").

use screen::MethodState;

use crate::{
    effect::{CodeSource, Effect, PhotoOrder},
    event::VisualWay,
    policy::Reason,
    session::Context,
    states::CardFacts,
};

impl Context<'_> {
    /// How it stands on the method screen.
    pub(crate) fn visual_choice(&self, card: &CardFacts) -> MethodState {
        if !self.policy.visual {
            return MethodState::Hidden;
        }
        let closed = self.visual_closed(card).map(|reason| MethodState::Closed { reason: self.reason(reason) });
        closed.unwrap_or(MethodState::Open)
    }

    /// It can be chosen now.
    pub(crate) fn visual_open(&self, card: &CardFacts) -> bool {
        self.policy.visual && self.visual_closed(card).is_none()
    }

    fn visual_closed(&self, card: &CardFacts) -> Option<Reason> {
        match self.common.visual_way {
            VisualWay::NoPasscode => Some(Reason::NoPasscode),
            VisualWay::Closed | VisualWay::ClosedForDay => Some(Reason::VisualClosed),
            VisualWay::Ready if !card.pin_less => Some(Reason::CardCannot),
            VisualWay::Ready if self.service_cannot() => Some(Reason::ServiceCannot),
            VisualWay::Ready => self.common.face.pin_less_refused(),
        }
    }

    /// 「職員の確認」 was touched: the photo is read while staff come. Without a scanner, or where its code was no help,
    /// nobody keys it in here: staff compare another document.
    pub(crate) fn want_photo(&mut self, card: &CardFacts) {
        if self.photo_comes() || !self.policy.surface_scanner || !self.worker_there() {
            return;
        }
        if self.common.face.begin_scan() {
            let order = PhotoOrder { visit: self.visit(), identity: card.identity, code: CodeSource::Scanner };
            self.effects.push(Effect::ReadPhoto(order));
        }
    }

    /// The worker has the photo, or its reading is under way.
    pub(crate) fn photo_comes(&self) -> bool {
        self.worker_there() && self.common.face.photo_comes()
    }
}
