//! What the README tells the authors of back ends, run as it stands there.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tests::{Campaign, Host, Setup, http, on_both_hosts, output, root, tool};

on_both_hosts!(the_readmes_calls_and_snippets_work);

const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
    Chrome/156.0.0.0 Safari/537.36";

fn the_readmes_calls_and_snippets_work(host: &'static Host) {
    let campaign = Campaign::open(host, &Setup::on("https://shop.example", "/"));
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    let curls: Vec<&str> =
        blocks(&readme, "sh").into_iter().filter(|it| it.starts_with("curl")).collect();
    let [add_ann, add_bob, order] = curls[..] else { panic!("three calls, not {curls:?}") };
    // As printed; the function around it only makes curl report what the service refuses.
    let shell = |script: &str, token: &str| {
        let strict =
            format!("curl() {{ command curl --silent --fail-with-body \"$@\"; }}\n{script}");
        let answer = run(Command::new("sh")
            .args(["-c", &strict])
            .env("PARRAIN", host.url())
            .env("CAMPAIGN", &campaign.id)
            .env("KEY", host.key())
            .env("TOKEN", token));
        serde_json::from_str::<Value>(&answer).expect("JSON")
    };
    let ann = shell(add_ann, "");
    assert_eq!(ann["email"], "ann@example.com");
    let id = ann["id"].as_str().expect("an id").to_owned();
    let token = token(host, &id);
    assert_eq!(shell(add_bob, &token)["referrer"]["id"], id.as_str());
    assert_eq!(shell(order, "")["success"], true);
    assert_eq!(shell(order, "")["duplicate"], true, "repeating changes nothing");

    let path = format!("/campaign/{}/attribution-keys", campaign.id);
    let keys = host.api("GET", &path).send().expect(200).json()["keys"].to_string();
    let folder = output("readme");
    let arguments = [token.as_str(), keys.as_str(), campaign.id.as_str()];

    let snippet = blocks(&readme, "js")[0];
    let call = "const [token, keys, campaign] = process.argv.slice(2);\n\
        console.log(await referrer(token, JSON.parse(keys), campaign));";
    // Node looks for packages beside the file and above it.
    let modules = tool("PARRAIN_NODE_MODULES", "node_modules");
    let folder_of_node = modules.parent().unwrap_or(Path::new("."));
    let file = write(folder_of_node, "readme.mjs", &[snippet, call]);
    check(&id, Command::new(tool("PARRAIN_NODE", "node")).arg(file).args(arguments));

    let snippet = blocks(&readme, "python")[0];
    let call =
        "import json, sys\nprint(referrer(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]))";
    let file = write(&folder, "readme.py", &[snippet, call]);
    check(&id, Command::new(tool("PARRAIN_VENV_PYTHON", "python3")).arg(file).args(arguments));

    // PHP's library comes by Composer alone, so only what is installed can be asked.
    let library = "exit(@include_once('Firebase/JWT/autoload.php') ? 0 : 1);";
    let has_php = Command::new("php").args(["-r", library]).status();
    if has_php.is_ok_and(|it| it.success()) {
        let snippet = blocks(&readme, "php")[0];
        let call = "require_once 'Firebase/JWT/autoload.php';\n\
            echo referrer($argv[1], json_decode($argv[2], true), $argv[3]), \"\\n\";";
        let file = write(&folder, "readme.php", &[snippet, call]);
        check(&id, Command::new("php").arg(file).args(arguments));
    } else {
        eprintln!("PHP or its JWT library is not installed: its snippet was not run");
    }
}

/// The fenced blocks of a language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    let rest = text.split(fence.as_str()).skip(1);
    rest.filter_map(|it| it.split("\n```").next()).collect()
}

/// The token that a click on somebody's link leaves in the landing URL.
fn token(host: &Host, code: &str) -> String {
    let answer = http::get(&format!("{}/r/{code}", host.url())).header("User-Agent", CHROME).send();
    let location = answer.header("location").expect("a redirect").to_owned();
    location.split("prn=").nth(1).expect("a token").to_owned()
}

fn write(folder: &Path, name: &str, parts: &[&str]) -> std::path::PathBuf {
    let path = folder.join(name);
    fs::write(&path, parts.join("\n")).expect("the folder can be written");
    path
}

#[track_caller]
fn check(expected: &str, command: &mut Command) {
    assert_eq!(run(command).trim(), expected);
}

#[track_caller]
fn run(command: &mut Command) -> String {
    let ran = command.output().expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(ran.status.success(), "{}{}", text(&ran.stdout), text(&ran.stderr));
    text(&ran.stdout)
}
