//! The file that the answers are kept in (TOML, `schema = 1`).

mod read;
mod write;

pub use read::{Loaded, read, unreadable};
pub use write::{SCHEMA, literal, write, write_elsewhere};

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use time::OffsetDateTime;

    use super::*;
    use crate::form::{Answered, Answers, Field, Form, Kind, NameUse, Page, Row, Value};
    use crate::home::Facts;
    use crate::problem::{Code, Problem};
    use crate::text::Arg;

    const ROW: &[Field] = &[
        Field::new("domain", Kind::Name(NameUse::Partner)),
        Field::new("others", Kind::List(&Kind::Name(NameUse::Partner))),
        Field::new("keep", Kind::Toggle),
    ];
    const FIELDS: &[Field] = &[
        Field::new("edge.name", Kind::Name(NameUse::Host)),
        Field::new("edge.kind", Kind::Choice(&["a", "b"], Code::AnswersType)),
        Field::new("edge.on", Kind::Toggle),
        Field::new("edge.deep.number", Kind::Number(0, 9)),
        Field::new("edge.list", Kind::List(&Kind::Address)),
        Field::new("rows", Kind::Rows(ROW)),
        Field::new("last.text", Kind::Text(64)),
        Field::new("last.file", Kind::File),
        Field::new("last.hidden", Kind::Text(64)).asked_if(|_| false),
    ];
    static PAGE: Page = Page::new("page", FIELDS);
    static PAGES: &[&Page] = &[&PAGE];
    static FORM: LazyLock<Form> = LazyLock::new(|| Form::new(PAGES));

    fn base() -> &'static Path {
        Path::new("/base")
    }

    fn load(source: &str) -> Loaded {
        read(source, &FORM, base())
    }

    fn saved(answers: &Answers) -> String {
        let facts = Facts::unseen(Path::new("/home"), base(), OffsetDateTime::UNIX_EPOCH);
        write(PAGES, &Answered::new(answers, &facts))
    }

    /// The problems of a file with these lines after its schema, as code, path and line.
    fn problems(lines: &str) -> Vec<(Code, String, Option<usize>)> {
        let problems = load(&format!("schema = 1\n{lines}")).problems;
        problems.into_iter().map(|problem| (problem.code, problem.path, problem.line)).collect()
    }

    fn nearest(lines: &str) -> String {
        let problem = load(&format!("schema = 1\n{lines}")).problems.remove(0);
        assert_eq!(problem.code, Code::AnswersUnknownKey);
        match problem.args.into_iter().find(|(name, _)| *name == "nearest") {
            Some((_, Arg::Text(nearest))) => nearest,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_form_of_a_value_is_understood() {
        let loaded = load(
            r#"
            schema = 0x1
            last = { text = 'a\b', file = "f.req" }
            rows = [{ domain = "a.example" }, {}, { keep = false, others = ["b", "c"] }]
            [edge]
            on = true
            list = [
                "192.0.2.1", # the first
                "192.0.2.2",
            ]
            deep.number = 1_0
            "#,
        );
        assert_eq!(loaded.problems, []);
        let get = |path: &str| loaded.answers.get(path).cloned();
        assert_eq!(get("last.text"), Some(Value::Text(r"a\b".into())));
        assert_eq!(get("last.file"), Some(Value::Text("/base/f.req".into())));
        assert_eq!(get("edge.deep.number"), Some(Value::Number(10)));
        assert_eq!(get("edge.on"), Some(Value::Flag(true)));
        assert_eq!(get("rows.2.others"), Some(Value::List(vec!["b".into(), "c".into()])));
        assert_eq!((get("rows.1.domain"), loaded.answers.rows("rows").len()), (None, 3));
    }

    #[test]
    fn each_problem_has_the_line_of_its_answer_or_of_what_is_around_it() {
        let loaded =
            load("schema = 1\n[edge]\nname = 'x'\nlist = [\n  'a',\n  'b']\n\n[[rows]]\n\n[[rows]]\nkeep = true\n");
        let line = |path: &str| {
            let mut problems = [Problem::error(Code::AnswersMissing, path)];
            loaded.add_lines(&mut problems);
            problems[0].line
        };
        let lines =
            ["edge", "edge.name", "edge.list.1", "rows.0.domain", "rows.1.keep", "rows.1.domain", "last.text", ""];
        let wanted = [Some(2), Some(3), Some(6), Some(8), Some(11), Some(10), None, None];
        assert_eq!(lines.map(line), wanted);
    }

    #[test]
    fn what_a_field_cannot_be_is_told_with_its_line() {
        let wrong = |lines: &str, path: &str| {
            assert_eq!(problems(lines), [(Code::AnswersType, path.to_owned(), Some(2))], "{lines}");
        };
        wrong("edge.deep.number = 9223372036854775808", "edge.deep.number");
        wrong("edge.deep.number = 1.0", "edge.deep.number");
        wrong("edge.deep.number = inf", "edge.deep.number");
        wrong("edge.deep = 1", "edge.deep");
        wrong("edge.name = 1979-05-27T07:32:00Z", "edge.name");
        wrong("edge.name = 07:32:00", "edge.name");
        wrong("edge.name = { x = 1 }", "edge.name");
        wrong("edge.list = ['a', 1]", "edge.list");
        wrong("edge.list = [['a']]", "edge.list");
        wrong("rows = [1]", "rows.0");
        wrong("rows = [{ domain = 1.5 }]", "rows.0.domain");
        wrong("[rows]", "rows");
        wrong("edge = 'x'", "edge");
    }

    #[test]
    fn an_unknown_key_is_told_with_the_nearest_known_one() {
        assert_eq!(problems("\nedge.nmae = 1"), [(Code::AnswersUnknownKey, "edge.nmae".into(), Some(3))]);
        assert_eq!(nearest("edge.nmae = 1"), "edge.name");
        assert_eq!(nearest("egde.name = 'a'"), "edge");
        assert_eq!(nearest("[edge.dep]\nnumber = 1"), "edge.deep");
        assert_eq!(nearest("name = 'a'"), "edge.name");
        assert_eq!(nearest("[[rows]]\nothrs = []"), "rows.0.others");
    }

    #[test]
    fn a_key_said_twice_is_no_toml_and_nothing_of_the_file_is_guessed() {
        for twice in ["edge.name = 'a'\nedge.name = 'b'", "[edge]\n[last]\n[edge]\nname = 'a'"] {
            let loaded = load(&format!("schema = 1\n{twice}"));
            assert!(!loaded.is_toml && loaded.answers.is_empty(), "{twice}");
            assert!(
                loaded.problems.iter().all(|problem| problem.code == Code::AnswersSyntax && problem.line.is_some())
            );
        }
    }

    #[test]
    fn the_schema_has_to_be_ours() {
        for source in ["", "schema = 2", "schema = '1'", "schema = 99999999999999999999"] {
            let codes: Vec<Code> = load(source).problems.iter().map(|problem| problem.code).collect();
            assert_eq!(codes, [Code::AnswersSchema], "{source}");
        }
    }

    #[test]
    fn what_is_not_asked_is_not_saved() {
        assert_eq!(saved(&load("schema = 1\nlast.hidden = 'x'").answers), "schema = 1\n");
    }

    fn value(kind: Kind) -> BoxedStrategy<Value> {
        let text = any::<String>().prop_map(Value::Text);
        match kind {
            Kind::File => "(/[^/]{1,9}){0,3}".prop_map(Value::Text).boxed(),
            Kind::Rows(fields) => {
                let cells: Vec<_> = fields.iter().map(|field| prop::option::of(value(field.kind))).collect();
                let row = cells.prop_map(|cells| {
                    fields.iter().zip(cells).filter_map(|(field, cell)| Some((field.path, cell?))).collect::<Row>()
                });
                prop::collection::vec(row, 0..4).prop_map(Value::Rows).boxed()
            }
            // Of any kind: what does not fit is kept as well, to be mended later.
            _ => prop_oneof![
                text,
                any::<bool>().prop_map(Value::Flag),
                any::<i64>().prop_map(Value::Number),
                prop::collection::vec(any::<String>(), 0..4).prop_map(Value::List),
            ]
            .boxed(),
        }
    }

    fn any_answers() -> impl Strategy<Value = Answers> {
        let asked: Vec<&'static Field> = FIELDS.iter().filter(|field| field.path != "last.hidden").collect();
        let values: Vec<_> = asked.iter().map(|field| prop::option::of(value(field.kind))).collect();
        values.prop_map(move |values| {
            let mut answers = Answers::default();
            for (field, value) in asked.iter().zip(values) {
                if let Some(value) = value {
                    answers.set(field.path, field.path, value);
                }
            }
            answers
        })
    }

    proptest! {
        #[test]
        fn saved_answers_are_read_back_as_they_were(answers in any_answers()) {
            let text = saved(&answers);
            let loaded = load(&text);
            prop_assert_eq!(loaded.problems, vec![], "{}", text);
            prop_assert_eq!(loaded.answers, answers, "{}", text);
        }

        #[test]
        fn reading_survives_any_text(text in any::<String>()) {
            load(&text);
        }

        #[test]
        fn reading_survives_a_damaged_file(answers in any_answers(), at in any::<prop::sample::Index>(), put in any::<char>()) {
            let text = saved(&answers);
            let (at, _) = text.char_indices().nth(at.index(text.chars().count())).unwrap();
            load(&format!("{}{put}{}", &text[..at], &text[at..]));
            load(&text[..at]);
        }
    }
}
