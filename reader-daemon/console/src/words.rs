//! What more than one page says. Each page has its own words beside it; a test looks at all of them.

/// Declares constants of [`crate::language::Words`], Japanese first, and for tests the list of them.
macro_rules! words {
    ($($name:ident: $ja:literal, $en:literal;)+) => {
        $(pub(crate) const $name: $crate::language::Words = $crate::language::Words { ja: $ja, en: $en };)+
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, $crate::language::Words)] = &[$((stringify!($name), $name)),+];
    };
}
pub(crate) use words;

words! {
    CONSOLE: "受付端末コンソール", "Terminal console";
    SKIP: "本文へ移動", "Skip to the content";
    NAVIGATION: "ページ", "Pages";
    NOW: "いま", "Now";
    HEALTH: "点検", "Health";
    JOURNAL: "記録", "Journal";
    STATISTICS: "統計", "Statistics";
    LOG_OUT: "ログアウト", "Log out";
    FROM: "開始日", "From";
    TO: "終了日", "To";
    SHOW: "表示する", "Show";
    BAD_DAYS: "日付を読み取れなかったため、今日を表示しています。", "The days could not be read, so today is shown.";
    WORKS: "正常", "Works";
    CODE: "コード", "Code";
    CAUSE: "原因", "Cause";
    CURE: "対処", "What to do";
    BACK_TO_NOW: "「いま」のページへ", "To the page Now";
}

#[cfg(test)]
mod tests {
    use crate::pages;

    #[test]
    fn every_text_is_there_in_both_languages() {
        let tables = [
            super::ALL,
            pages::errors::ALL,
            pages::login::ALL,
            pages::now_words::ALL,
            pages::visual_check::ALL,
            pages::health::ALL,
            pages::journal::ALL,
            pages::statistics_words::ALL,
        ];
        let mut count = 0;
        for (name, words) in tables.into_iter().flatten() {
            assert!(words.ja.chars().any(|letter| letter > '\u{3000}'), "{name}: no Japanese: {}", words.ja);
            assert!(words.en.chars().any(|letter| letter.is_ascii_alphabetic()), "{name}: no English: {}", words.en);
            assert!(words.en.chars().all(|letter| letter < '\u{3000}'), "{name}: not English: {}", words.en);
            count += 1;
        }
        assert!(count > 120, "only {count} texts were looked at");
    }
}
