#include "bus/log/line_format.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace fedmsg::log {
namespace {

using namespace std::chrono_literals;

class ALineFormat : public ::testing::Test {
protected:
    ALineFormat() {
        setenv("TZ", "UTC", 1);
        tzset();
        record_ = {Level::info, "fedmsg.commands",
                   "SOME_ID",   "text",
                   {},          std::chrono::system_clock::time_point(1400000000250ms)};
    }

    std::string render(std::string_view format, std::string_view date_format = "") {
        auto parsed = LineFormat::parse(format, date_format);
        return parsed ? parsed->render(record_) : "error: " + parsed.error().text;
    }

    Record record_;
};

TEST_F(ALineFormat, IsTheBareOneUnlessConfigured) {
    EXPECT_EQ(LineFormat().render(record_), "[2014-05-13 16:53:20][fedmsg.commands    INFO] text");
}

TEST_F(ALineFormat, AlignsToTheRightInAtLeastTheWidth) {
    EXPECT_EQ(render("%(levelname)7s|"), "   INFO|");
    EXPECT_EQ(render("%(levelname)3s|"), "INFO|");
    EXPECT_EQ(render("%(name)10s|"), "fedmsg.commands|");
}

TEST_F(ALineFormat, AlignsToTheLeftWithAMinus) {
    EXPECT_EQ(render("%(levelname)-7s|"), "INFO   |");
}

TEST_F(ALineFormat, CutsAtThePrecision) {
    EXPECT_EQ(render("%(name)8.6s|"), "  fedmsg|");
}

TEST_F(ALineFormat, CountsCodePoints) {
    record_.text = "\xc3\xa9\xc3\xa9\xc3\xa9";
    EXPECT_EQ(render("%(message)4s"), " \xc3\xa9\xc3\xa9\xc3\xa9");
    EXPECT_EQ(render("%(message).2s"), "\xc3\xa9\xc3\xa9");
}

TEST_F(ALineFormat, ShowsMillisecondsWithoutADateFormat) {
    EXPECT_EQ(render("%(asctime)s"), "2014-05-13 16:53:20,250");
}

TEST_F(ALineFormat, UsesTheDateFormat) {
    EXPECT_EQ(render("%(asctime)s", "%H.%M"), "16.53");
}

TEST_F(ALineFormat, WritesTwoPercentSignsAsOne) {
    EXPECT_EQ(render("100%% %(message)s"), "100% text");
}

TEST_F(ALineFormat, KnowsTheNumbersOfARecord) {
    EXPECT_EQ(render("%(levelno)s %(msecs)d %(created).2f %(lineno)04d"), "20 250 1400000000.25 0000");
    EXPECT_EQ(render("%(process)d"), std::to_string(getpid()));
}

TEST_F(ALineFormat, KnowsTheMessageId) {
    EXPECT_EQ(render("%(message_id)s"), "SOME_ID");
}

TEST_F(ALineFormat, NamesAnUnknownField) {
    EXPECT_NE(render("%(nmae)s").find("error: there is no field 'nmae'; known are asctime"), std::string::npos);
}

TEST_F(ALineFormat, RefusesALonePercentSign) {
    EXPECT_NE(render("50% of").find("error: '% of' is no field"), std::string::npos);
}

TEST_F(ALineFormat, RefusesAnUnclosedField) {
    EXPECT_NE(render("%(name").find("error:"), std::string::npos);
}

TEST_F(ALineFormat, RefusesAFieldWithoutConversion) {
    EXPECT_NE(render("%(name)").find("needs s, d, i or f"), std::string::npos);
    EXPECT_NE(render("%(name)x").find("needs s, d, i or f"), std::string::npos);
}

TEST_F(ALineFormat, RefusesAbsurdWidths) {
    EXPECT_NE(render("%(name)99999s").find("wider than"), std::string::npos);
}

}  // namespace
}  // namespace fedmsg::log
