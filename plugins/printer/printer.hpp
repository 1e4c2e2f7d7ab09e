// The printer plugin. Threads and life: as for every consumer (fedmsg_hub/sdk/consumer.hpp).
#pragma once

#include <fedmsg_hub/plugin.hpp>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

class Printer : public fedmsg_hub::Consumer {
public:
    static fedmsg_hub::Description describe();
    void start();
    void consume(const fedmsg_hub::Message& message);
    void stop();

private:
    std::string format(const fedmsg_hub::Message& message) const;
    void write_to_log(std::string_view text) const;
    void write_to(std::ostream& out, const std::string& text) const;

    bool is_pretty_ = options().text("printer.format") == "pretty";
    std::string path_{options().text("printer.file")};
    std::ofstream file_;  // open between start and stop, if path_ names a file
};
