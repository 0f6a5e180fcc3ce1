"""Tests of a run as its user sees it: exit codes, messages, files."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT, Benches


def test_a_run_records_each_case_in_every_format(benches: Benches) -> None:
    run = benches.run("--backends=fake", "--batch-sizes=1,4", f"--benchmark-json={benches.folder / 'b.json'}")
    assert run.exit_code == 0, run.output
    record = run.records["fake-fake-fp32-b4-cpu"]
    assert record.status == "ok"
    assert record.number("p50") == pytest.approx(0.003)
    assert record.number("throughput") == pytest.approx(4 / (record.number("mean") or 0))
    assert record.detail("reference") == "fake-fp32"
    speedup = record.figure("speedup")
    assert speedup
    assert speedup.low is not None
    assert speedup.high is not None
    assert speedup.low <= speedup.value <= speedup.high
    with (run.folder / "results.csv").open() as file:
        assert [row["id"] for row in csv.DictReader(file)] == list(run.records)
    assert "fake-fake-fp32-b4-cpu" in (run.folder / "summary.md").read_text()
    stored = json.loads((benches.folder / "b.json").read_text())["benchmarks"]
    assert {each["extra_info"]["tandem"]["id"] for each in stored} == set(run.records)
    assert set(stored[0]["stats"]["data"]) <= {0.001, 0.002, 0.003, 0.004, 0.005}


def test_faults_fail_alone_and_the_exit_code_says_so(benches: Benches) -> None:
    run = benches.run("--backends=fake-segfault,fake-weight,fake")
    assert run.exit_code == 1
    assert run.records["fake-fake-fp32-b1-cpu"].status == "ok"
    for fault, cause in (("segfault", "SIGSEGV"), ("weight", "disagrees")):
        record = run.records[f"fake-fake-{fault}-fp32-b1-cpu"]
        assert (record.status, record.number("p50"), record.number("speedup")) == ("failed", None, None)
        assert cause in record.outcome
    assert "Traceback" not in run.output


def test_a_run_of_failures_alone_is_not_saved_and_tells_them(benches: Benches) -> None:
    storage = benches.folder / "saved"
    words = ("--backends=fake-segfault", "--benchmark-autosave", f"--benchmark-storage={storage}")
    run = benches.run(*words)
    assert run.exit_code == 1
    assert "SIGSEGV" in run.output
    assert "Traceback" not in run.output
    assert not list(storage.rglob("*.json"))


def test_equal_failures_are_told_once_with_their_cases(benches: Benches) -> None:
    run = benches.run("--backends=fake-weight,fake", "--batch-sizes=1,2,4")
    assert run.exit_code == 1
    # Under CI, pytest repeats the whole text of each failure in its summary.
    told = run.output.partition("short test summary info")[0]
    assert told.count("Disagreement: fake-fake-weight") == 1
    assert "the same in 2 other cases" in told
    assert "3 failed" in run.output
    assert (run.folder / "summary.md").read_text().count("Disagreement") == 1


def test_a_graph_that_runs_in_part_elsewhere_is_refused_unless_that_is_allowed(benches: Benches) -> None:
    run = benches.run("--backends=fake-fallback")
    assert run.exit_code == 1
    outcome = run.records["fake-fake-fallback-fp32-b1-cpu"].outcome
    assert "1 of 2 nodes run elsewhere: Tanh_1 on elsewhere" in outcome
    run = benches.run("--backends=fake-fallback", "--allow-partial")
    assert run.exit_code == 0, run.output
    assert "1 of 2 nodes run on elsewhere" in run.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--models=resnet19"], "'resnet19' is not known; known are densenet121"),
        (["--backends=onnx"], "known are eager"),
        (["--accuracy-loss=5"], "--accuracy-loss: '5' is neither off nor a share"),
        (["--precisions=fp31"], "known are bf16, fp16, fp32, fp8-static, int4-weights"),
        (["--batch-sizes=0"], "not a list of positive whole numbers"),
        (["--batch-sizes=1,-8"], "not a list of positive whole numbers"),
        (["--reference=eager"], "such as eager-fp32"),
        (["--threads=4096"], "the cores of this process"),
        (["--require=nothing"], "'nothing' is not known"),
        (["--backends=fake", "--require=onnxruntime"], "onnxruntime is not run at all: --backends leaves"),
        (["--backends=fake,fake-raise", "--require=fake", "-k=raise"], "fake is not run at all: -k, -m or"),
        (["--devices=cpu", "--require=tensorrt"], "not run at all: no case: of fp32, tensorrt offers"),
        (
            ["--calibration=tests"],
            "--calibration is for int8-static, int8-qat, fp8-static, of which there is no case",
        ),
        (["--calibration=nowhere", "--precisions=int8-static"], "--calibration: there is no folder nowhere"),
        (["--models=resnet50", "--backends=onnxruntime", "--precisions=bf16"], "onnxruntime offers fp32"),
    ],
)
def test_what_cannot_be_is_a_usage_error_that_helps(
    benches: Benches, arguments: list[str], words: str
) -> None:
    run = benches.run("--collect-only", *arguments)
    assert run.exit_code == 4
    assert words in run.output


def test_lists_of_what_there_is_leave_out_what_serves_the_harness(benches: Benches) -> None:
    output = "".join(benches.run(f"--{option}=fakes").output for option in ("backends", "models", "require"))
    assert output.count("known are") == 3
    assert "inductor-max-autotune" in output
    assert not {"fake", "fake-hang", "matmul", "onnxruntime-plain"} & set(re.findall(r"[\w-]+", output))


def test_all_that_is_required_are_those_that_take_part(benches: Benches) -> None:
    assert benches.run("--collect-only", "--backends=fake", "--require=all").exit_code == 0


def test_collecting_imports_no_runtime() -> None:
    script = (
        "import sys, pytest; code = pytest.main(['benches', '--collect-only', '-q']);"
        "heavy = {'torch', 'torchvision', 'transformers', 'onnxruntime', 'openvino'} & set(sys.modules);"
        "assert not heavy, heavy; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "bench_latency[resnet50-onnxruntime-fp32-b8-cpu]" in done.stdout


def test_the_options_of_cases_without_benches_are_a_usage_error_with_the_command_that_runs_them(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert pytest.main(["-p", "no:faulthandler", "--batch-sizes", "1", "--models=resnet18"]) == 4
    words = capfd.readouterr().err
    assert "--batch-sizes is for cases, and these are in benches" in words
    assert "named: pytest benches -p no:faulthandler --batch-sizes 1 --models=resnet18" in words


def test_without_pytest_benchmark_a_sentence_says_so(benches: Benches) -> None:
    run = benches.run("-p", "no:benchmark")
    assert run.exit_code == 4
    assert "pytest-benchmark is not loaded" in run.output
    assert "INTERNALERROR" not in run.output


def test_two_workers_of_xdist_are_refused(benches: Benches) -> None:
    pytest.importorskip("xdist", reason="pip install pytest-xdist")
    run = benches.run("--backends=fake", "-n", "2")
    assert run.exit_code == 4
    assert "pytest-xdist would measure several cases at once" in run.output


def test_each_way_to_compress_is_a_case_of_its_own_in_every_bench(benches: Benches) -> None:
    compress = "--compress=none,prune-channels-30-distilled"
    for bench in ("bench_latency.py", "test_agreement.py", "test_accuracy.py"):
        run = benches.run(
            "--models=efficientnet_lite0,distilbert", "--precisions=int8-static", "--backends=openvino",
            compress, "--reference=eager-fp32", "--collect-only", "-q", bench=bench,
        )  # fmt: skip
        assert run.exit_code == 0, run.output
        assert "[efficientnet_lite0-prune-channels-30-distilled-openvino-int8-static" in run.output
        assert "distilbert-prune" not in run.output


def test_a_model_that_cannot_be_compressed_that_way_is_told(benches: Benches) -> None:
    compress = ["--backends=eager", "--compress=none,prune-channels-30", "--collect-only"]
    run = benches.run("--models=resnet18,distilbert", *compress)
    assert "--compress: no case of distilbert: channels of attention cannot be taken out" in run.output
    run = benches.run("--models=distilbert", *compress, "--compress=prune-channels-30")
    assert run.exit_code == 4
    assert "no case: distilbert: channels of attention cannot be taken out" in run.output


def test_two_cases_of_one_id_are_refused(benches: Benches) -> None:
    (benches.folder / "net.py").write_text("def make(): ...")
    own = f"--model={benches.folder}/net.py:make?as=resnet18-prune-unstructured-50"
    compress = "--compress=none,prune-unstructured-50"
    run = benches.run("--models=resnet18", own, "--backends=eager", compress, "--collect-only")
    assert run.exit_code == 4
    assert "would both have a case 'resnet18-prune-unstructured-50-eager-fp32-b1-cpu'" in run.output


def test_with_benchmark_disable_only_agreement_is_checked(benches: Benches) -> None:
    run = benches.run("--backends=fake,fake-weight", "--benchmark-disable", "-rs")
    assert run.exit_code == 1
    assert "not timed; agreement ok: allclose" in run.output
    assert "disagrees with the fp64 reference" in run.output


def test_the_agreement_bench_tries_other_batches_and_refuses_a_wrong_weight(benches: Benches) -> None:
    run = benches.run("--backends=fake,fake-weight", bench="test_agreement.py")
    assert "1 failed, 1 passed" in run.output, run.output
    assert "fake-fake-weight-fp32-b1-cpu on InputSpec(batch=1" in run.output


def test_the_benches_of_the_harness_itself_run_only_for_those_who_ask_for_them(benches: Benches) -> None:
    assert re.search(r"1 passed, \d+ deselected", benches.run("--backends=fake", bench="").output)


def test_the_help_can_be_printed_and_names_every_option_of_the_docs(benches: Benches) -> None:
    run = benches.run("--help")
    assert run.exit_code == 0, run.output
    table = (
        (ROOT / "docs" / "running.md").read_text().partition("| option | meaning |")[2].partition("\n\n")[0]
    )
    named = set(re.findall(r"`(--[a-z-]+)`", table))
    assert len(named) > 20
    assert {name for name in named if name not in run.output} == set()
