#include "bus/log/journal.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>

#include <array>

namespace fedmsg::log {

bool is_journal_stream(const char* journal_stream, int descriptor) {
    struct stat status {};
    if (journal_stream == nullptr || fstat(descriptor, &status) != 0) return false;
    return fmt::format("{}:{}", status.st_dev, status.st_ino) == journal_stream;
}

std::vector<std::string> journal_fields(const Record& record, const std::string& identifier) {
    static constexpr std::array kPriorities{LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERR, LOG_CRIT};
    std::vector<std::string> fields{fmt::format("MESSAGE={}", record.text),
                                    fmt::format("PRIORITY={}", kPriorities[static_cast<std::size_t>(record.level)]),
                                    fmt::format("SYSLOG_IDENTIFIER={}", identifier),
                                    fmt::format("FEDMSG_MESSAGE_ID={}", record.id),
                                    fmt::format("FEDMSG_LOGGER={}", record.logger)};
    for (const Field& field : record.fields) fields.push_back(fmt::format("{}={}", field.name, field.value));
    return fields;
}

bool send_to_journal(const Record& record, const std::string& identifier) {
    std::vector<std::string> fields = journal_fields(record, identifier);
    std::vector<iovec> parts;
    for (std::string& field : fields) parts.push_back({field.data(), field.size()});
    return sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) == 0;
}

}  // namespace fedmsg::log
