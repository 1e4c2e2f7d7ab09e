// systemd's journal as a place for lines, with the message id and the fields of each. Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bus/log/record.hpp"

namespace fedmsg::log {

// True if $JOURNAL_STREAM's value ("DEVICE:INODE") names the file behind the descriptor.
bool is_journal_stream(const char* journal_stream, int descriptor);

// "NAME=value" texts of a record: MESSAGE, PRIORITY, SYSLOG_IDENTIFIER, FEDMSG_MESSAGE_ID, FEDMSG_LOGGER, and its own.
std::vector<std::string> journal_fields(const Record& record, const std::string& identifier);

// Sends the record by sd_journal_sendv. False if the journal did not take it.
bool send_to_journal(const Record& record, const std::string& identifier);

}  // namespace fedmsg::log
