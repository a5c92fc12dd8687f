//! Readers that differ in a few characters: UTF-8 through one of them is often UTF-8 through the other, and says something
//! else (`Ã¨` is è, but `Ãš` is Ú through windows-1252 and è through ISO-8859-15). The words tell which one it was.

use std::sync::LazyLock;

use crate::encoding::{Encoding, Reader};
use crate::language::{self, Cost, Model};

use super::lattice::Channel;
use super::rank::Hints;
use super::weights;

/// Readers of the same alphabet that have characters in other places, and the encodings that those are in.
static TWINS: LazyLock<Vec<[Reader; 2]>> = LazyLock::new(|| {
    let pairs = [
        ["windows-1252", "iso-8859-15"],
        ["windows-1253", "iso-8859-7"],
        ["windows-1250", "iso-8859-2"],
        ["cp437", "cp850"],
    ];
    let readers = pairs.map(|pair| pair.map(|label| Encoding::from_label(label).map(Reader::of)));
    readers.into_iter().filter_map(|[a, b]| Some([a?, b?])).collect()
});

/// The twin of a reader.
pub(super) fn of_reader(reader: Reader) -> Option<Reader> {
    let [a, b] = TWINS.iter().find(|pair| pair.contains(&reader))?;
    Some(if *a == reader { *b } else { *a })
}

/// Words that are compared.
const WORDS: usize = 40;

/// The channel of UTF-8 that a text came through whole, or the one of its reader's twin where the words are likelier then
/// and the caller allows it.
pub(super) fn likelier(text: &str, channel: Channel, hints: &Hints) -> Channel {
    let twin = || {
        let twin = Channel { reader: of_reader(channel.reader)?, ..channel };
        if !hints.allow(twin.written, twin.reader) {
            return None;
        }
        let words = differing(text, channel.reader, twin.reader)?;
        let models = hints.language.map_or(language::all(), std::slice::from_ref);
        let cost = |of: usize, channel: Channel| {
            let in_language =
                |model: &Model| words.iter().map(|word| model.text_cost(&word[of])).sum::<Cost>();
            Some(models.iter().map(in_language).min()? + weights::enter(channel))
        };
        (cost(1, twin)? < cost(0, channel)?).then_some(twin)
    };
    twin().unwrap_or(channel)
}

/// The twin of a channel's reader, if it had some of the characters from other bytes.
pub(super) fn of(channel: Channel, chars: &[char]) -> Option<Channel> {
    let twin = of_reader(channel.reader)?;
    let differs = |&c: &char| byte_of(twin, c).is_some_and(|byte| byte_of(channel.reader, c) != Some(byte));
    chars.iter().any(differs).then_some(Channel { reader: twin, ..channel })
}

/// The first words that the two readers had from other bytes, as both give them. `None` if there are none, or one of the
/// readers has no such text.
fn differing(text: &str, reader: Reader, twin: Reader) -> Option<Vec<[String; 2]>> {
    // The letters in which windows-1252 differs have one of these lead bytes, and most text has none of them.
    if reader == Reader::WINDOWS_1252 {
        memchr::memchr2(0xc5, 0xe2, text.as_bytes())?;
    }
    let mut differs = false;
    for c in text.chars().filter(|c| !c.is_ascii()) {
        differs |= byte_of(twin, c)? != byte_of(reader, c)?;
    }
    if !differs {
        return None;
    }
    let decode = |word: &str, reader: Reader| {
        let bytes = word.chars().map(|c| byte_of(reader, c)).collect::<Option<Vec<u8>>>()?;
        String::from_utf8(bytes).ok()
    };
    let mut words = Vec::new();
    for word in text.split([' ', '\n', '\r', '\t']).filter(|word| !word.is_ascii()) {
        let both = [decode(word, reader)?, decode(word, twin)?];
        if both[0] != both[1] && words.len() < WORDS {
            words.push(both);
        }
    }
    Some(words)
}

/// The byte that a reader had for a character, or for a control that it passed on.
fn byte_of(reader: Reader, c: char) -> Option<u8> {
    match reader.encoding().sloppy_bytes_of(c)?.as_slice() {
        &[byte] => Some(byte),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::assert_comes_back;

    #[test]
    fn the_words_tell_which_of_two_readers_it_was() {
        let french = "Mon collègue a repeint le contrôle à bord ; la première barque est près du môle, derrière le fût.";
        let german = "Die Gebühr ist höher. Tatsächlich fährt das größere Schiff später über die Brücke.";
        let spanish = "Además el pájaro está más rápido sobre el área, según los niños de la montaña.";
        let czech = "Příliš žluťoučký kůň stál u mostu a čekal, až přijde déšť; řeka už byla široká.";
        for readers in [["iso-8859-15", "windows-1252"], ["iso-8859-7", "windows-1253"], ["cp850", "cp437"]] {
            for reader in readers {
                for text in [french, german, spanish] {
                    assert_comes_back(text, "utf-8", reader);
                    // … also where the first lines are the same through both.
                    assert_comes_back(
                        &format!("Über die Düne.\n{}\n{text}", "plain words\n".repeat(40)),
                        "utf-8",
                        reader,
                    );
                }
            }
        }
        for reader in ["windows-1250", "iso-8859-2"] {
            assert_comes_back(czech, "utf-8", reader);
        }
    }
}
