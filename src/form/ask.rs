//! A field together with the type of its answer: whoever wants the answer asks with the field's constant, and the path
//! stands in its definition only.

use std::marker::PhantomData;

use crate::name::Name;
use crate::problem::Code;

use super::{Answered, DefaultValue, Field, Kind, NameUse, Proposal, Row, Value};

/// A field whose answer is a `T`: a constant in the file of its page, whose fields are made of it.
#[derive(Debug)]
pub struct Ask<T: ?Sized> {
    field: Field,
    answer: PhantomData<T>,
}

// Derived, these would hold only where they hold of the answer.
impl<T: ?Sized> Copy for Ask<T> {}
impl<T: ?Sized> Clone for Ask<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Ask<T> {
    const fn new(path: &'static str, kind: Kind) -> Self {
        Ask { field: Field::new(path, kind), answer: PhantomData }
    }

    /// The field, for its page.
    #[must_use]
    pub const fn field(self) -> Field {
        self.field
    }

    /// Path of the answer, `edge.access`; inside rows relative to the row, `domain`.
    #[must_use]
    pub const fn path(self) -> &'static str {
        self.field.path
    }

    /// That has to be answered.
    #[must_use]
    pub const fn required(self) -> Self {
        self.or_default(DefaultValue::Required)
    }

    /// That has to be answered where this holds.
    #[must_use]
    pub const fn required_if(self, holds: fn(&Answered) -> bool) -> Self {
        self.or_default(DefaultValue::RequiredIf(holds))
    }

    /// With a default that is worked out.
    #[must_use]
    pub const fn or_from(self, work_out: fn(&Answered) -> Value) -> Self {
        self.or_default(DefaultValue::From(work_out))
    }

    /// Asked only where this holds.
    #[must_use]
    pub const fn asked_if(self, asked_if: fn(&Answered) -> bool) -> Self {
        Ask { field: self.field.asked_if(asked_if), ..self }
    }

    /// With what the screen proposes where nothing was said.
    #[must_use]
    pub const fn proposed(self, proposed: fn(&Answered) -> Option<Proposal>) -> Self {
        Ask { field: Field { proposed, ..self.field }, ..self }
    }

    /// Whose file is on another machine where this holds.
    #[must_use]
    pub const fn elsewhere_if(self, elsewhere_if: fn(&Answered) -> bool) -> Self {
        Ask { field: Field { elsewhere_if, ..self.field }, ..self }
    }

    /// That counts, where a file says something to it, also where it is not asked.
    #[must_use]
    pub const fn kept(self) -> Self {
        Ask { field: Field { kept: true, ..self.field }, ..self }
    }

    const fn or_default(self, default: DefaultValue) -> Self {
        Ask { field: self.field.or(default), ..self }
    }
}

impl Ask<bool> {
    /// Yes or no.
    #[must_use]
    pub const fn toggle(path: &'static str) -> Self {
        Self::new(path, Kind::Toggle)
    }

    /// With this default.
    #[must_use]
    pub const fn or(self, default: bool) -> Self {
        self.or_default(DefaultValue::Flag(default))
    }
}

impl Ask<i64> {
    /// A whole number within bounds.
    #[must_use]
    pub const fn number(path: &'static str, min: i64, max: i64) -> Self {
        Self::new(path, Kind::Number(min, max))
    }

    /// With this default.
    #[must_use]
    pub const fn or(self, default: i64) -> Self {
        self.or_default(DefaultValue::Number(default))
    }
}

impl Ask<String> {
    /// Text of at most so many characters.
    #[must_use]
    pub const fn text(path: &'static str, max: usize) -> Self {
        Self::new(path, Kind::Text(max))
    }

    /// A country, ISO 3166-1 alpha-2.
    #[must_use]
    pub const fn country(path: &'static str) -> Self {
        Self::new(path, Kind::Country)
    }

    /// Path of a file.
    #[must_use]
    pub const fn file(path: &'static str) -> Self {
        Self::new(path, Kind::File)
    }

    /// A name server, by its address.
    #[must_use]
    pub const fn name_server(path: &'static str) -> Self {
        Self::new(path, Kind::NameServer)
    }

    /// With this default.
    #[must_use]
    pub const fn or(self, default: &'static str) -> Self {
        self.or_default(DefaultValue::Text(default))
    }
}

impl Ask<Option<Name>> {
    /// A domain name.
    #[must_use]
    pub const fn name(path: &'static str, used_as: NameUse) -> Self {
        Self::new(path, Kind::Name(used_as))
    }
}

impl Ask<Vec<Name>> {
    /// Any number of domain names, each of this kind.
    #[must_use]
    pub const fn names(path: &'static str, each: &'static Kind) -> Self {
        Self::new(path, Kind::List(each))
    }

    /// Some of the names that other answers give.
    #[must_use]
    pub const fn ticks(path: &'static str, offered: fn(&Answered) -> Vec<String>) -> Self {
        Self::new(path, Kind::MultiSelect(offered))
    }
}

impl Ask<Vec<String>> {
    /// Any number of addresses, as they were typed.
    #[must_use]
    pub const fn addresses(path: &'static str) -> Self {
        Self::new(path, Kind::List(&Kind::Address))
    }

    /// Any number of texts, each of this kind.
    #[must_use]
    pub const fn texts(path: &'static str, each: &'static Kind) -> Self {
        Self::new(path, Kind::List(each))
    }
}

impl<T> Ask<Vec<T>> {
    /// Path of the item of this index.
    #[must_use]
    pub fn item(self, index: usize) -> String {
        format!("{}.{index}", self.path())
    }
}

impl<T: Word> Ask<T> {
    /// One of the words of `T`.
    #[must_use]
    pub const fn word(path: &'static str) -> Self {
        const { assert!(T::ALL.len() == T::WORDS.len(), "each value has its word") };
        Self::new(path, Kind::Choice(T::WORDS, T::UNKNOWN))
    }

    /// With this word as its default.
    #[must_use]
    pub const fn or_word(self, word: &'static str) -> Self {
        self.or_default(DefaultValue::Text(word))
    }
}

impl Ask<[Row]> {
    /// Any number of rows of fields.
    #[must_use]
    pub const fn rows(path: &'static str, fields: &'static [Field]) -> Self {
        Self::new(path, Kind::Rows(fields))
    }

    /// Path of the answer to `ask` in this row.
    #[must_use]
    pub fn at<T>(self, row: usize, ask: Ask<T>) -> String {
        format!("{}.{row}.{}", self.path(), ask.path())
    }
}

impl Answered<'_> {
    /// The answer, else the default; the default also where what was said is no such thing, and where it is not asked.
    #[must_use]
    pub fn get<T: Answer>(&self, ask: Ask<T>) -> T {
        self.get_from(self.answers.get(ask.path()), ask)
    }

    /// The same for a field of this row.
    #[must_use]
    pub fn get_in<T: Answer>(&self, row: &Row, ask: Ask<T>) -> T {
        self.get_from(row.get(ask.path()), ask)
    }

    /// The answer, else the default; nothing where what was said is no such thing.
    #[must_use]
    pub fn try_get<T: Answer>(&self, ask: Ask<T>) -> Option<T> {
        match self.said(self.answers.get(ask.path()), ask) {
            Some(said) => T::of(said),
            None => T::of(&ask.field.default_value(self)),
        }
    }

    /// The answer as it was typed, else the default; the default also where it is not asked.
    #[must_use]
    pub fn raw<T>(&self, ask: Ask<T>) -> Value {
        if ask.field.counts(self) { ask.field.value(self, ask.path()) } else { ask.field.default_value(self) }
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self, ask: Ask<[Row]>) -> &[Row] {
        self.answers.rows(ask.path())
    }

    /// Whether something was answered, however little it says.
    #[must_use]
    pub fn is_given<T>(&self, ask: Ask<T>) -> bool {
        self.answers.get(ask.path()).is_some()
    }

    /// Whether what was said, if anything, is something that the field takes: else its value is only its default, and what
    /// follows from it is nobody's intention.
    #[must_use]
    pub fn is_understood<T: Answer>(&self, ask: Ask<T>) -> bool {
        self.said(self.answers.get(ask.path()), ask).is_none_or(|said| T::of(said).is_some())
    }

    /// The same for a field of this row.
    #[must_use]
    pub fn is_understood_in<T: Answer>(&self, row: &Row, ask: Ask<T>) -> bool {
        self.said(row.get(ask.path()), ask).is_none_or(|said| T::of(said).is_some())
    }

    fn get_from<T: Answer>(&self, answer: Option<&Value>, ask: Ask<T>) -> T {
        let said = self.said(answer, ask).and_then(T::of);
        said.or_else(|| T::of(&ask.field.default_value(self))).unwrap_or(T::EMPTY)
    }

    /// What `answer` says: an empty text says nothing, nor does what nobody asks.
    fn said<'v, T>(&self, answer: Option<&'v Value>, ask: Ask<T>) -> Option<&'v Value> {
        answer.filter(|said| !said.is_blank() && ask.field.counts(self))
    }
}

/// What answers say with a word.
pub trait Word: Copy + 'static {
    /// Every value, in the order they are offered.
    const ALL: &'static [Self];
    /// The word of each.
    const WORDS: &'static [&'static str];
    /// What another word is.
    const UNKNOWN: Code = Code::AnswersType;
}

/// What the answer to a field can be read as.
pub trait Answer: Sized {
    /// What it is where nothing is said, and the field has no default.
    const EMPTY: Self;

    /// What `value` says; nothing where it says no such thing.
    fn of(value: &Value) -> Option<Self>;
}

impl<T: Word> Answer for T {
    const EMPTY: Self = T::ALL[0];

    fn of(value: &Value) -> Option<Self> {
        let Value::Text(said) = value else { return None };
        T::WORDS.iter().position(|word| word == said).map(|place| T::ALL[place])
    }
}

impl Answer for bool {
    const EMPTY: Self = false;

    fn of(value: &Value) -> Option<Self> {
        if let Value::Flag(flag) = value { Some(*flag) } else { None }
    }
}

impl Answer for i64 {
    const EMPTY: Self = 0;

    fn of(value: &Value) -> Option<Self> {
        if let Value::Number(number) = value { Some(*number) } else { None }
    }
}

impl Answer for String {
    const EMPTY: Self = String::new();

    fn of(value: &Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text.clone()) } else { None }
    }
}

impl Answer for Option<Name> {
    const EMPTY: Self = None;

    fn of(value: &Value) -> Option<Self> {
        let Value::Text(text) = value else { return None };
        Some((!text.is_empty()).then(|| Name::new(text)))
    }
}

impl Answer for Vec<Name> {
    const EMPTY: Self = Vec::new();

    fn of(value: &Value) -> Option<Self> {
        if let Value::List(items) = value { Some(items.iter().map(|item| Name::new(item)).collect()) } else { None }
    }
}

impl Answer for Vec<String> {
    const EMPTY: Self = Vec::new();

    fn of(value: &Value) -> Option<Self> {
        if let Value::List(items) = value { Some(items.clone()) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::LazyLock;

    use time::OffsetDateTime;

    use super::*;
    use crate::form::{Answers, Form, Page};
    use crate::home::Facts;

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Colour {
        Red,
        Blue,
    }

    impl Word for Colour {
        const ALL: &'static [Self] = &[Colour::Red, Colour::Blue];
        const WORDS: &'static [&'static str] = &["red", "blue"];
    }

    const COLOUR: Ask<Colour> = Ask::word("a.colour").or_word("blue");
    const FIRST: Ask<Colour> = Ask::word("a.first").required();
    const COUNT: Ask<i64> = Ask::number("a.count", 0, 9).or(3);
    const HIDDEN: Ask<bool> = Ask::toggle("a.hidden").or(true).asked_if(|_| false);
    const CELL: Ask<String> = Ask::text("cell", 9).or("empty");
    const ROWS: Ask<[Row]> = Ask::rows("rows", &[CELL.field()]);

    static PAGE: Page =
        Page::new("page", &[COLOUR.field(), FIRST.field(), COUNT.field(), HIDDEN.field(), ROWS.field()]);
    static PAGES: &[&Page] = &[&PAGE];
    static FORM: LazyLock<Form> = LazyLock::new(|| Form::new(PAGES));

    /// Looks at a form in which `said` is the only answer.
    fn with<T>(path: &str, said: Value, look: impl FnOnce(&Answered) -> T) -> T {
        let mut answers = Answers::default();
        answers.set(FORM.field(path).unwrap().1.path, path, said);
        let facts = Facts::unseen(Path::new("/home"), Path::new("/base"), OffsetDateTime::UNIX_EPOCH);
        look(&Answered::new(&answers, &facts))
    }

    #[test]
    fn what_says_nothing_is_the_default() {
        with("a.colour", Value::Text(String::new()), |answered| {
            assert_eq!((answered.get(COLOUR), answered.try_get(COLOUR)), (Colour::Blue, Some(Colour::Blue)));
            assert!(answered.is_given(COLOUR) && answered.is_understood(COLOUR));
            assert_eq!(
                (answered.get(FIRST), answered.try_get(FIRST)),
                (Colour::Red, None),
                "no default: nothing, or the first"
            );
            assert_eq!(answered.get(COUNT), 3);
        });
    }

    #[test]
    fn what_is_no_such_thing_is_the_default_and_not_understood() {
        for said in [Value::Text("green".to_owned()), Value::Flag(true)] {
            with("a.colour", said, |answered| {
                assert_eq!((answered.get(COLOUR), answered.try_get(COLOUR)), (Colour::Blue, None));
                assert!(!answered.is_understood(COLOUR));
            });
        }
        with("a.colour", Value::Text("red".to_owned()), |answered| assert_eq!(answered.get(COLOUR), Colour::Red));
    }

    #[test]
    fn what_nobody_asks_is_not_read() {
        with("a.hidden", Value::Flag(false), |answered| assert!(answered.get(HIDDEN)));
    }

    #[test]
    fn a_row_has_answers_of_its_own() {
        let rows: Vec<Row> = vec![Row::default(), [("cell", Value::Text("full".to_owned()))].into_iter().collect()];
        with("rows", Value::Rows(rows), |answered| {
            let cells: Vec<String> = answered.rows(ROWS).iter().map(|row| answered.get_in(row, CELL)).collect();
            assert_eq!(cells, ["empty", "full"]);
        });
        assert_eq!(ROWS.at(1, CELL), "rows.1.cell");
    }
}
