// fedmsg-logger: sends lines of text, or a JSON document, to the relay (cli.md 3).
#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "bus/base/fd.hpp"
#include "bus/base/utf8.hpp"
#include "bus/cli/command_line.hpp"
#include "bus/cli/stop_signal.hpp"
#include "tools/logger/line_reader.hpp"
#include "tools/logger/sender.hpp"

namespace {

using namespace fedmsg;
using tools::LineReader;
using tools::Sender;

constexpr std::chrono::milliseconds kIdle{1000};

cli::OptionSpec text_option(const char* name, const char* key, const char* help, const char* initial_json) {
    cli::OptionSpec option;
    option.name = name;
    option.key = key;
    option.help = help;
    option.initial_json = initial_json;
    return option;
}

cli::CommandLine command_line() {
    cli::CommandLine line("fedmsg-logger", "sends lines of text, or a JSON document, as messages to the relay");
    line.request.id.clear();
    cli::OptionSpec message =
        text_option("--message", "logger_message", "text to send; without it, read standard input", "null");
    message.default_from_config = false;
    line.add(message);
    line.flag("--json-input", "json_input", "the text is one JSON document, which becomes msg itself");
    line.add(text_option("--topic", "topic", "last part of the topic", "\"log\""));
    line.add(text_option("--modname", "modname", "part of the topic before it", "\"logger\""));
    line.add(
        text_option("--cert-prefix", "cert_prefix", "first half of the name of the signing certificate", "\"shell\""));
    cli::OptionSpec dry_run;
    dry_run.name = "--dry-run";
    dry_run.is_flag = true;
    dry_run.help = "print the messages instead of sending them";
    line.add(dry_run);
    return line;
}

void refuse_signing(const config::Configuration& configuration) {
    if (!configuration.boolean("sign_messages", false)) return;
    throw cli::Failure(fmt::format(
        "{}: sign_messages is true, but this version cannot sign messages yet, and would not send unsigned ones; "
        "set it to false to send without signature",
        configuration.origin("sign_messages").text()));
}

// {"log": text}
json::Document as_log(std::string_view text) {
    json::Document msg;
    msg.SetObject();
    msg.AddMember("log", json::make_text(text, msg.GetAllocator()), msg.GetAllocator());
    return msg;
}

json::Document parsed(const std::string& text, const std::string& what) {
    auto document = json::parse(text);
    if (!document) throw cli::Failure(fmt::format("{} is not JSON, nothing was sent: {}", what, document.error().text));
    return std::move(*document);
}

void send_line(Sender& sender, const std::string& line, std::size_t number) {
    if (!utf8::is_valid(line))
        throw cli::Failure(fmt::format("line {} is not UTF-8 and was not sent; {} messages were sent before it", number,
                                       sender.sent()));
    sender.send(as_log(tools::strip(line)), fmt::format("line {}", number));
}

void send_lines(Sender& sender, const cli::StopSignal& stop, int stop_descriptor) {
    LineReader reader(STDIN_FILENO, tools::kMessageLimit);
    std::string line;
    for (;;) {
        const LineReader::State state = reader.next(line, kIdle, stop_descriptor);
        if (state == LineReader::State::end || stop.requested()) return;
        if (state == LineReader::State::line)
            send_line(sender, line, reader.number());
        else
            sender.idle();
    }
}

int work(cli::Invocation& invocation) {
    const config::Configuration& configuration = invocation.configuration;
    cli::print_warnings(invocation);
    refuse_signing(configuration);
    const bool dry_run = invocation.has("--dry-run");
    Sender::Destination destination = Sender::destination(configuration);

    const Fd stop_event(::eventfd(0, EFD_CLOEXEC));
    const cli::StopSignal stop([&] { ::eventfd_write(stop_event.get(), 1); });
    Sender sender(
        configuration, std::move(destination), [&] { return stop.requested(); }, dry_run);
    const std::string message = configuration.text("logger_message", "");
    const bool is_json = configuration.boolean("json_input", false);
    if (is_json && message.empty())
        sender.send(parsed(tools::read_all(STDIN_FILENO, tools::kMessageLimit), "standard input"), "standard input");
    else if (is_json)
        sender.send(parsed(message, "--message"), "--message");
    else if (!message.empty())
        sender.send(as_log(message), "--message");
    else
        send_lines(sender, stop, stop_event.get());
    sender.finish();
    if (stop.requested()) std::puts("");
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::run(argc, argv, command_line(), work);
}
