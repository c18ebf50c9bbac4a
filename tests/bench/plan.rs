//! From an answers file to its plan as JSON, which has to grow with the partners and no faster. `cargo bench --bench plan`.

mod sample;

use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use edgewright::faces::headless::json;
use edgewright::form::{Answered, file};
use edgewright::pages;
use edgewright::text::Text;

fn plan(criterion: &mut Criterion) {
    let text = Text::load("en");
    let mut group = criterion.benchmark_group("plan");
    group.sample_size(20);
    for partners in [100, 1_000, 10_000] {
        let (file, (_, facts)) = (sample::file(partners, 1_000), sample::sample(0, 0));
        group.throughput(Throughput::Elements(partners as u64));
        group.bench_with_input(BenchmarkId::from_parameter(partners), &file, |bencher, file| {
            bencher.iter(|| {
                let loaded = file::read(file, pages::form(), Path::new("/home/ada/edge"));
                let answered = Answered::new(&loaded.answers, &facts);
                let reading = pages::read(&answered, &text);
                json(Some(&reading), None, &reading.problems, None, &text).to_string()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, plan);
criterion_main!(benches);
