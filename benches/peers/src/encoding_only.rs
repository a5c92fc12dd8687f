//! plsfix without what is no repair of encodings.

/// As `ftfy.fix_encoding` does it: no entities, ligatures, quotes, widths, line ends, controls or normal forms.
pub(crate) fn config() -> plsfix::TextFixerConfig {
    plsfix::TextFixerConfig {
        unescape_html: Some(false),
        remove_terminal_escapes: false,
        fix_latin_ligatures: false,
        fix_character_width: false,
        uncurl_quotes: false,
        fix_line_breaks: false,
        remove_control_chars: false,
        normalization: None,
        ..plsfix::TextFixerConfig::default()
    }
}
