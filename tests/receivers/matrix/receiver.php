<?php
// A receiver written in plain PHP, for `php -S`. Its bug, `slow`: one push is answered after longer than anybody waits.
const ACK = ["code" => 200, "resultCode" => "0", "resultDesc" => "success.", "retCode" => "0", "retMsg" => "success"];
const SLOW_SECONDS = 6;

function answer(int $status, array $value): void
{
    http_response_code($status);
    header("Content-Type: application/json");
    echo json_encode($value);
}

function file_of(string $call): string
{
    return getenv("MATRIX_STATE") . "/" . hash("sha256", $call);
}

$path = parse_url($_SERVER["REQUEST_URI"], PHP_URL_PATH);
if (str_starts_with($path, "/calls/")) {
    $file = file_of(rawurldecode(substr($path, strlen("/calls/"))));
    answer(200, ["state" => is_file($file) ? file_get_contents($file) : "unknown"]);
    return;
}
$push = [];
if (str_starts_with($_SERVER["CONTENT_TYPE"] ?? "", "application/json")) {
    $push = json_decode(file_get_contents("php://input"), true);
    if (!is_array($push)) {
        answer(400, ["error" => "not JSON"]);
        return;
    }
}
if (getenv("MATRIX_BUG") && ($push["occasion"] ?? "") === "agent_answer") {
    sleep(SLOW_SECONDS);
}
$call = $push["call_id"] ?? null;
if (is_string($call)) {
    $file = file_of($call);
    if (($push["occasion"] ?? "") === "end") {
        file_put_contents($file, "ended");
    } elseif (!is_file($file)) {
        file_put_contents($file, "open");
    }
}
answer(200, ACK);
