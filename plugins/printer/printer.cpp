// Prints each message: the first plugin that one runs, and a short example of options, start and stop.
#include "printer.hpp"

#include <stdexcept>

using fedmsg_hub::Description;
using fedmsg_hub::Message;
using fedmsg_hub::Option;

Description Printer::describe() {
    return Description("printer", "Prints each message to the log, to standard output or to a file")
        .topics({"*"})
        .option(
            Option::text("printer.format", "How a message is shown").defaults_to("pretty").one_of({"pretty", "line"}))
        .option(Option::text("printer.file", "Where to: a path, - for standard output, or empty for the hub's log")
                    .defaults_to(""));
}

void Printer::start() {
    if (path_.empty() || path_ == "-") return;
    file_.open(path_, std::ios::app);
    if (!file_) throw std::runtime_error("printer.file: cannot open " + path_ + " for appending: is it writable?");
}

void Printer::stop() {
    file_.close();
}

void Printer::consume(const Message& message) {
    const std::string text = format(message);
    if (path_.empty())
        write_to_log(text);
    else
        write_to(path_ == "-" ? std::cout : file_, text);
    count("printed");
}

std::string Printer::format(const Message& message) const {
    if (is_pretty_) return std::string(message.topic()) + "\n" + message.root().pretty() + "\n";
    return std::string(message.topic()) + " " + message.root().json() + "\n";
}

// The log takes single lines.
void Printer::write_to_log(std::string_view text) const {
    while (!text.empty()) {
        const auto end = text.find('\n');
        log().info(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
}

// Returns when the operating system has the text, so a message that counts as done is in the file even if the hub dies.
void Printer::write_to(std::ostream& out, const std::string& text) const {
    out << text << std::flush;
    if (out) return;
    out.clear();
    throw std::runtime_error("printer.file: cannot write to " + path_ + ": is the disk full?");
}

FEDMSG_HUB_CONSUMER(Printer)
