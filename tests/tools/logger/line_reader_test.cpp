#include "tools/logger/line_reader.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "bus/base/fd.hpp"

namespace fedmsg::tools {
namespace {

using namespace std::chrono_literals;

class ALineReader : public ::testing::Test {
protected:
    ALineReader() {
        int ends[2] = {-1, -1};
        if (::pipe(ends) != 0) throw std::runtime_error("pipe");
        read_ = Fd(ends[0]);
        write_ = Fd(ends[1]);
        if (::pipe(ends) != 0) throw std::runtime_error("pipe");
        stop_ = Fd(ends[0]);
        stopper_ = Fd(ends[1]);
        reader_.emplace(read_.get(), 100);
    }

    void write(std::string_view text) {
        ASSERT_EQ(::write(write_.get(), text.data(), text.size()), ssize_t(text.size()));
    }
    LineReader::State next() { return reader_->next(line_, 0ms, stop_.get()); }
    std::vector<std::string> all() {
        write_.reset();
        std::vector<std::string> lines;
        while (next() == LineReader::State::line) lines.push_back(line_);
        return lines;
    }

    Fd read_, write_, stop_, stopper_;
    std::optional<LineReader> reader_;
    std::string line_;
};

using Lines = std::vector<std::string>;

TEST_F(ALineReader, GivesNothingForAnEmptyInput) {
    EXPECT_EQ(all(), Lines{});
}

TEST_F(ALineReader, GivesTheLastLineWithoutAnEnd) {
    write("one\ntwo");
    EXPECT_EQ(all(), (Lines{"one", "two"}));
}

TEST_F(ALineReader, GivesBlankLines) {
    write("\n\n x \n");
    EXPECT_EQ(all(), (Lines{"", "", " x "}));
}

TEST_F(ALineReader, EndsLinesAsPythonDoes) {
    write("a\r\nb\rc\n\rd");
    EXPECT_EQ(all(), (Lines{"a", "b", "c", "", "d"}));
}

TEST_F(ALineReader, JoinsALineEndThatComesInTwoPieces) {
    write("a\r");
    EXPECT_EQ(next(), LineReader::State::line);
    write("\nb\n");
    EXPECT_EQ(all(), (Lines{"b"}));
}

TEST_F(ALineReader, GivesALineAsSoonAsItIsComplete) {
    write("one\ntw");
    EXPECT_EQ(next(), LineReader::State::line);
    EXPECT_EQ(line_, "one");
    EXPECT_EQ(reader_->number(), 1u);
    EXPECT_EQ(next(), LineReader::State::nothing_yet);
    write("o\n");
    EXPECT_EQ(next(), LineReader::State::line);
    EXPECT_EQ(line_, "two");
    EXPECT_EQ(reader_->number(), 2u);
}

TEST_F(ALineReader, ReturnsWhenItIsToldToStop) {
    ASSERT_EQ(::write(stopper_.get(), "x", 1), 1);
    EXPECT_EQ(reader_->next(line_, 60'000ms, stop_.get()), LineReader::State::nothing_yet);
}

TEST_F(ALineReader, TakesALineOfExactlyTheLimit) {
    write(std::string(100, 'x') + "\n" + std::string(100, 'y'));
    EXPECT_EQ(all(), (Lines{std::string(100, 'x'), std::string(100, 'y')}));
}

TEST_F(ALineReader, RefusesALongLineWithNumberAndLimitBeforeItHasAllOfIt) {
    write("fine\n" + std::string(101, 'x'));
    EXPECT_EQ(next(), LineReader::State::line);
    try {
        next();
        FAIL() << "not refused";
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "line 2 is longer than 100 bytes, the limit of a message");
    }
}

TEST_F(ALineReader, RefusesALongLineThatCameAtOnce) {
    write(std::string(101, 'x') + "\n");
    EXPECT_THROW(next(), std::runtime_error);
}

TEST(ReadAll, RefusesMoreThanTheLimit) {
    int ends[2] = {-1, -1};
    ASSERT_EQ(::pipe(ends), 0);
    const Fd read(ends[0]);
    Fd write(ends[1]);
    ASSERT_EQ(::write(write.get(), "12345", 5), 5);
    write.reset();
    EXPECT_THROW(read_all(read.get(), 4), std::runtime_error);
}

TEST(ReadAll, SaysWhyItCannotRead) {
    try {
        read_all(-1, 10);
        FAIL() << "not refused";
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "cannot read standard input: Bad file descriptor");
    }
}

TEST(Stripping, RemovesWhatPythonTakesForWhiteSpace) {
    EXPECT_EQ(strip("  \t a b \r\n\v\f\x1c\x1f"), "a b");
    EXPECT_EQ(strip("\xc2\xa0\xe2\x80\x83x\xe3\x80\x80\xc2\x85"), "x");
    EXPECT_EQ(strip("\xe2\x80\x8bx"), "\xe2\x80\x8bx");  // a zero width space is none
    EXPECT_EQ(strip("\xc3\xa9"), "\xc3\xa9");
    EXPECT_EQ(strip(" \xc2\xa0 "), "");
    EXPECT_EQ(strip(""), "");
}

}  // namespace
}  // namespace fedmsg::tools
