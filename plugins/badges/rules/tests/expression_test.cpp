#include "badges/rules/expression/expression.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "badges/rules/any_json.hpp"
#include "badges/rules/expression/rows.hpp"

namespace {

using namespace badges;
using namespace badges::expression;

constexpr char kMessage[] = R"json({
    "topic": "org.fedoraproject.prod.Bodhi.update.comment", "msg_id": "2014-ABC", "i": 4, "timestamp": 1406800123.0,
    "msg": {"n": 7, "zero": 0, "ok": true, "none": null, "half": 0.5, "one": 1, "one_float": 1.0, "user": "Ralph",
            "evil": "\" or True or \"", "unicode": "Zo\u00eb", "big": 9223372036854775807,
            "tags": ["A", "b", "c"], "people": [{"name": "ann", "age": 3}, {"name": null, "age": 4}],
            "group": {"name": "Packager", "size": 2}, "chairs": {"nirik": true, "smooge": true},
            "comment": {"karma": 1, "author": "ann", "update_submitter": "bob", "anonymous": false},
            "files": {"a.c": {"additions": 3}, "b.spec": {"additions": 5}}}})json";

// Rows with karma 1, 1, -1, 0.
class SomeRows final : public RowsObject {
public:
    std::uint64_t count() const override { return 4; }
    void stream(const History::RowHandler& handler) const override {
        for (const int karma : {1, 1, -1, 0}) {
            Row row;
            row.topic = "org.fedoraproject.prod.bodhi.update.comment";
            row.timestamp = 100;
            row.msg_id = "2014-row";
            row.category = "bodhi";
            row.i = 3;
            row.users = {"ann"};
            row.packages = {"xmonad"};
            row.msg = any_from_json(R"({"comment": {"karma": )" + std::to_string(karma) + "}}");
            if (!handler(row)) return;
        }
    }
};

const NameSet kNames = {"msg", "message", "recipient", "value", "query", "results"};

class AnExpression : public testing::Test {
protected:
    // The time stands still, so that it does not matter how fast the machine is.
    AnExpression() {
        limits_.clock = [] { return std::chrono::steady_clock::time_point(); };
    }

    Any evaluate(const std::string& source) {
        Budget budget(limits_);
        const Context context{message_, texts_, budget};
        const Any rows(std::make_shared<const SomeRows>());
        const Bindings names = {{"msg", message_.root()}, {"message", message_object(message_, texts_)},
                                {"recipient", "ann"},     {"value", 16},
                                {"query", rows},          {"results", rows}};
        return Expression::parse(source, kNames, limits_).evaluate(names, context);
    }
    std::string repr(const std::string& source) { return evaluate(source).repr(); }
    std::string error(const std::string& source) {
        try {
            return "no error, but " + repr(source);
        } catch (const EvaluationError& failure) {
            return failure.what();
        }
    }
    std::string refusal(const std::string& source) {
        try {
            Expression::parse(source, kNames, limits_);
        } catch (const SyntaxError& failure) {
            return failure.what();
        }
        return "accepted";
    }

    Limits limits_;
    NoRenderer texts_;
    Envelope message_ = Envelope::from_json(kMessage);
};

struct Case {
    const char* source;
    const char* value;
};

// One of each kind that section 3.6 lists, and combinations such as rules write them.
const Case kCases[] = {
    {"msg.get('msg', {}).get('comment', {}).get('karma') is 1", "True"},
    {"msg.get('msg', {}).get('comment', {}).get('karma') is -1", "False"},
    {"msg.get('msg', {}).get('comment', {}).get('karma') is not 3", "True"},
    {"msg.get('msg', {}).get('ok') is True", "True"},
    {"msg.get('msg', {}).get('ok') is 1", "False"},
    {"msg['msg']['one_float'] is 1", "False"},
    {"msg['msg']['one_float'] == 1", "True"},
    {"msg['msg']['ok'] == 1", "True"},
    {"msg['msg']['ok'] == 1.0", "True"},
    {"msg['msg']['none'] is None", "True"},
    {"msg['msg']['none'] is not None", "False"},
    {"msg.get('nothing') is None", "True"},
    {"not msg['msg']['comment']['anonymous']", "True"},
    {"msg['msg']['comment']['author'] != msg['msg']['comment']['update_submitter']", "True"},
    {"msg['msg']['comment']['author'] == '%(msg.comment.author)s'", "True"},
    {"msg['msg']['user'] in ['Ralph', 'ann']", "True"},
    {"msg['msg']['user'] not in ('ann',)", "True"},
    {"'nirik' in msg['msg']['chairs']", "True"},
    {"'karma' in msg.get('msg', {}).get('comment', {})", "True"},
    {"'alp' in msg['msg']['user']", "True"},
    {"len(msg['msg']['tags']) > 2", "True"},
    {"len(msg['msg']['unicode'])", "3"},
    {"len(msg['msg']['chairs'])", "2"},
    {"msg['topic'].endswith('update.comment') and msg['i'] == 4", "True"},
    {"msg['msg']['user'].startswith(('X', 'R'))", "True"},
    {"msg['msg']['user'].lower() + '/' + msg['msg']['group']['name'].upper()", "'ralph/PACKAGER'"},
    {"re.match('^Ral', msg['msg']['user']) is not None", "True"},
    {"re.match('alp', msg['msg']['user'])", "None"},
    {"bool(re.search(r'al\\w', msg['msg']['user']))", "True"},
    {"bool(re.fullmatch('Ralp', msg['msg']['user']))", "False"},
    {"[x for x in msg['msg']['tags'] if x != 'b']", "['A', 'c']"},
    {"[x + y for x, y in [('a', 'b'), ('c', 'd')]]", "['ab', 'cd']"},
    {"[k for (k, v) in msg['msg']['files'].items() if v['additions'] > 3]", "['b.spec']"},
    {"any([f.endswith('.spec') for f in msg['msg']['files'].keys()])", "True"},
    {"any(f.endswith('.md') for f in msg['msg']['files'])", "False"},
    {"all(x for x in [1, True, 'a'])", "True"},
    {"sum([f['additions'] for f in msg['msg']['files'].values()])", "8"},
    {"sum([0.5, 1], 1)", "2.5"},
    {"min(3, 1, 2) + max([4, 9])", "10"},
    {"sorted(set(['b', 'a', 'b']))", "['a', 'b']"},
    {"list('ab') + list((1,))", "['a', 'b', 1]"},
    {"int('42') + int(2.9) + int(True)", "45"},
    {"float('1.5') * 2", "3.0"},
    {"str(7) + str(None) + str(True) + str(1.0)", "'7NoneTrue1.0'"},
    {"abs(-3) - abs(-0.5)", "2.5"},
    {"'text' in json.dumps({'a': ['text', None, 1.5, True]})", "True"},
    {"json.dumps({'a': ['\\u00eb', None]})", "'{\"a\": [\"\\\\u00eb\", null]}'"},
    {"value != 0 and ((value & (value - 1)) == 0)", "True"},
    {"value | 3", "19"},
    {"7 // 2 + -7 // 2 + 7 % 3 + -7 % 3", "2"},
    {"7 / 2", "3.5"},
    {"-7.5 // 2", "-4.0"},
    {"1 < 2 < 3 <= 3 != 4", "True"},
    {"3 > 2 >= 5", "False"},
    {"'a' if msg['msg']['zero'] else 'b'", "'b'"},
    {"msg['msg']['zero'] or msg['msg']['none'] or 'last'", "'last'"},
    {"msg['msg']['n'] and msg['msg']['user']", "'Ralph'"},
    {"not 1 == 2", "True"},
    {"1 + 2 * 3 - 4 % 3", "6"},
    {"[1, 2.5, 'x', None, True, (1,), (), {'a': 1}, {}]", "[1, 2.5, 'x', None, True, (1,), (), {'a': 1}, {}]"},
    {"u'a' + \"b\" + r'\\d' + '\\x41\\n'", "'ab\\\\dA\\n'"},
    {"'%(msg.user)s'", "'ralph'"},
    {"'u-%(msg.user)s-%(msg.n)s'", "'u-ralph-7'"},
    {"'%(msg.n)s'", "'7'"},
    {"%(msg.n)s + 1", "8"},
    {"10 % 4", "2"},
    {"'%(msg.evil)s' == msg['msg']['evil'].lower()", "True"},
    {"' a b  c '.split()", "['a', 'b', 'c']"},
    {"'a,b,,c'.split(',')", "['a', 'b', '', 'c']"},
    {"'a,b,c'.split(',', 1)", "['a', 'b,c']"},
    {"'-'.join([x.lower() for x in msg['msg']['tags']])", "'a-b-c'"},
    {"'aXbX'.replace('X', 'yy', 1)", "'ayybX'"},
    {"' x '.strip() + 'xxa'.lstrip('x') + 'axx'.rstrip('x')", "'xaa'"},
    {"'Zo\\u00ebx'.find('x') + 'aab'.count('a') + 'a'.find('z')", "4"},
    {"['a', 'b', 'a'].count('a') + ['a', 'b'].index('b')", "3"},
    {"msg['msg']['tags'][-1] + msg['msg']['unicode'][2]", "'c\xC3\xAB'"},
    {"{'a': 1, 'b': 2}.get('b') + {}.get('x', 5)", "7"},
    {"[p['name'] for p in msg['msg']['people'] if p['name'] if p['age'] > 2]", "['ann']"},
    {"len([m for m in query.all() if m.msg['comment']['karma'] is 1])", "2"},
    {"query.count() >= 4", "True"},
    {"query.count() - 1", "3"},
    {"len(query.all())", "4"},
    {"query.first().msg['comment']['karma']", "1"},
    {"len([r for r in results if r.msg['comment']['karma'] < 0])", "1"},
    {"sum(m.msg['comment']['karma'] for m in query.all())", "1"},
    {"[(m.topic, m.timestamp, m.msg_id, m.category, m.i, m.users, m.packages) for m in query.all()][0]",
     "('org.fedoraproject.prod.bodhi.update.comment', 100.0, '2014-row', 'bodhi', 3, ['ann'], ['xmonad'])"},
    {"message.topic.endswith('comment') and message.id == '2014-ABC'", "True"},
    {"message.body['comment']['author'] == recipient", "True"},
    {"set([1, 2]) & set([2, 3]) == set([2])", "True"},
    {"'a' * 3 + 2 * 'b'", "'aaabb'"},
    {"9007199254740993 == 9007199254740992.0", "False"},
    {"'Z' < 'a' and [1, 2] < [1, 3] and (1,) < (1, 0)", "True"},
};

TEST_F(AnExpression, MeansWhatItMeansInPython) {
    for (const auto& [source, value] : kCases) EXPECT_EQ(repr(source), value) << source;
}

TEST_F(AnExpression, OfRulesNeverChangesItsMeaningByWhatAMessageSays) {
    // The original pasted the text into the source, where it read: "" or True or "" == "x".
    EXPECT_EQ(repr("\"%(msg.evil)s\" == \"x\""), "False");
    EXPECT_EQ(repr("len(\"%(msg.evil)s\")"), "14");
}

TEST_F(AnExpression, GivesAnErrorForMissingKeysAndWrongTypes) {
    EXPECT_EQ(error("msg['nothing']"), "there is no key 'nothing'");
    EXPECT_EQ(error("'%(msg.zip)s'"), "the message has no msg.zip");
    EXPECT_NE(error("msg['msg']['none'].get('x')").find("'NoneType' object has no method get()"), std::string::npos);
    EXPECT_NE(error("1 + 'a'").find("unsupported operand types for +"), std::string::npos);
    EXPECT_NE(error("1 < 'a'").find("not supported between"), std::string::npos);
    EXPECT_NE(error("len(5)").find("has no len()"), std::string::npos);
    EXPECT_NE(error("[x for x in 5]").find("is not iterable"), std::string::npos);
    EXPECT_NE(error("1 in 'a'").find("requires string"), std::string::npos);
    EXPECT_NE(error("[1][1]").find("out of range"), std::string::npos);
    EXPECT_NE(error("{[]: 1}").find("unhashable"), std::string::npos);
    EXPECT_NE(error("int('x')").find("no number"), std::string::npos);
    EXPECT_NE(error("1 / 0").find("division by zero"), std::string::npos);
    EXPECT_NE(error("[a for a, b in [(1, 2, 3)]]").find("a pair is wanted"), std::string::npos);
    EXPECT_NE(error("re.match('a' + '(', 'a')").find("regular expression"), std::string::npos);
    EXPECT_NE(error("json.dumps(set([1]))").find("not JSON serializable"), std::string::npos);
}

TEST_F(AnExpression, GivesAnErrorWhenIntegersOverflow) {
    EXPECT_NE(error("%(msg.big)s + 1").find("64 bits"), std::string::npos);
    EXPECT_NE(error("-%(msg.big)s - 2").find("64 bits"), std::string::npos);
    EXPECT_NE(error("%(msg.big)s * 2").find("64 bits"), std::string::npos);
    EXPECT_NE(error("(-%(msg.big)s - 1) // -1").find("64 bits"), std::string::npos);
    EXPECT_NE(error("int(1e300)").find("64 bits"), std::string::npos);
    EXPECT_NE(error("abs(-%(msg.big)s - 1)").find("64 bits"), std::string::npos);
}

TEST_F(AnExpression, AsksTheMetaLayerOnlyIfThereIsOne) {
    EXPECT_NE(error("fedmsg.meta.msg2usernames(msg, **config)").find("not available"), std::string::npos);
    EXPECT_NE(error("message.agent_name").find("not available"), std::string::npos);
    const auto uses = Expression::parse("fedmsg.meta.msg2agent(msg) == message.usernames", kNames, limits_).meta_uses();
    EXPECT_EQ(uses, (std::set<std::string>{"fedmsg.meta.msg2agent", "message.usernames"}));
}

TEST_F(AnExpression, UsesTheMetaLayer) {
    class SomeTexts final : public Texts {
    public:
        bool is_available() const override { return true; }
        std::optional<Names> usernames(const Envelope&) const override { return Names{"ann", "bodhi"}; }
        std::optional<Names> packages(const Envelope&) const override { throw std::runtime_error("no processor"); }
        std::optional<Names> objects(const Envelope&) const override { return Names{}; }
        std::optional<std::string> agent(const Envelope&) const override { return "ann"; }
    };
    const SomeTexts texts;
    Budget budget(limits_);
    const Context context{message_, texts, budget};
    const auto run = [&](const char* source) {
        return Expression::parse(source, kNames, limits_).evaluate({{"msg", message_.root()}}, context).repr();
    };
    EXPECT_EQ(run("[u for u in fedmsg.meta.msg2usernames(msg, **fedmsg_config) if u not in ['bodhi']]"), "['ann']");
    EXPECT_EQ(run("fedmsg.meta.msg2agent(msg, legacy=False)"), "'ann'");
    EXPECT_EQ(run("len(fedmsg.meta.msg2objects(msg))"), "0");
    EXPECT_THROW(run("fedmsg.meta.msg2packages(msg)"), EvaluationError);
}

TEST_F(AnExpression, IsRefusedWithTheColumnOfWhatIsWrong) {
    EXPECT_EQ(refusal("msg.get('a') + foo"),
              "column 16: unknown name foo; here one may use: message, msg, query, recipient, results, value");
    EXPECT_EQ(refusal("mgs['a']"),
              "column 1: unknown name mgs (did you mean msg?); here one may use: message, msg, query, recipient, "
              "results, value");
    EXPECT_EQ(refusal("1 + lenn(msg)"), "column 5: unknown function lenn (did you mean len?)");
    EXPECT_EQ(refusal("msg.gett('a')"), "column 5: unknown method .gett() (did you mean get?)");
    EXPECT_EQ(refusal("msg.foo"), "column 5: unknown attribute .foo");
    EXPECT_EQ(refusal("'abc"), "column 1: the quote that is opened here is never closed");
    EXPECT_EQ(refusal("(1, 2"), "column 6: expected ')' after the last element, found end of the expression");
    EXPECT_EQ(refusal("1 +"), "column 4: expected a value, found end of the expression");
    EXPECT_EQ(refusal("1 2"), "column 3: unexpected number 2");
    EXPECT_EQ(refusal("len(1, 2)"), "column 1: len() takes 1 arguments, here are 2");
    EXPECT_EQ(refusal("re.match('(?=a)', msg)"),
              "column 10: the regular expression looks ahead or behind ((?=), which is not supported");
    EXPECT_EQ(refusal("msg[1:2]"), "column 6: slices [a:b] are not supported");
    EXPECT_EQ(refusal(""), "column 1: expected a value, found end of the expression");
}

TEST_F(AnExpression, CannotReachTheInterpreterBelow) {
    for (const char* source : {"msg.__class__",
                               "__import__('os')",
                               "[_ for _ in msg]",
                               "().__class__",
                               "eval('1')",
                               "open('/etc/passwd')",
                               "getattr(msg, 'get')",
                               "lambda: 1",
                               "msg.get.__self__",
                               "re.compile('a')",
                               "json.loads('1')",
                               "fedmsg.config",
                               "(x := 1)",
                               "exec('a')",
                               "print(1)",
                               "msg ** 2",
                               "1 << 2",
                               "~1",
                               "f'a'",
                               "{1, 2}",
                               "{x: 1 for x in msg}",
                               "[x for x in msg for y in x]",
                               "len(*msg)",
                               "len(obj=msg)",
                               "str",
                               "'a'.format(1)",
                               "msg; 1",
                               "a = 1",
                               "'a' 'b'",
                               "99999999999999999999",
                               "0777",
                               "1if",
                               "msg.get",
                               "(msg)(1)",
                               "import os",
                               "True()",
                               "x.if"})
        EXPECT_NE(refusal(source), "accepted") << source;
}

TEST_F(AnExpression, IsRefusedIfItIsTooLongOrTooDeep) {
    EXPECT_NE(refusal(std::string(5000, ' ') + "1").find("longer than 4096 bytes"), std::string::npos);
    const auto nested = [](const char* open, const char* close, int levels) {
        std::string source = "1";
        for (int level = 0; level < levels; ++level) source = open + source + close;
        return source;
    };
    for (const auto& [open, close] : {std::pair{"(", ")"}, {"[", "]"}, {"not ", ""}, {"-", ""}, {"len(", ")"}}) {
        EXPECT_EQ(refusal(nested(open, close, 60)), "accepted") << open;
        EXPECT_NE(refusal(nested(open, close, 70)).find("nested deeper than 64 levels"), std::string::npos) << open;
    }
    EXPECT_NE(refusal("msg" + nested("", "", 0) + std::string(200, '1')).size(), 0u);
    std::string chain = "msg";
    for (int link = 0; link < 100; ++link) chain += ".msg";
    EXPECT_NE(refusal(chain).find("calls in a chain"), std::string::npos);
    std::string sum = "1";
    for (int term = 0; term < 1000; ++term) sum += "+1";
    EXPECT_EQ(repr(sum), "1001");
}

TEST_F(AnExpression, StopsAtItsLimits) {
    EXPECT_NE(error("len(('x' * 1000000) * 1000)").find("a text longer than"), std::string::npos);
    EXPECT_NE(error("'x' * 9223372036854775807").find("a text longer than"), std::string::npos);
    EXPECT_NE(error("[1] * 2000000").find("a list of more than"), std::string::npos);
    EXPECT_NE(error("len([x for x in 'x' * 1000000 if [y for y in 'y' * 1000]])").find("steps"), std::string::npos);
    EXPECT_NE(error("(('x' * 1000).replace('x', 'y' * 1000)).replace('y', 'zz')").find("a text longer"),
              std::string::npos);
}

// Small texts that make values with very many parts.
TEST_F(AnExpression, StopsWhenValuesAreTooLargeToCompareOrWrite) {
    const std::string many = "[[['x' * 100000] * 900] * 900] * 900";
    const std::string tuples = "((('x' * 100000,) * 900,) * 900,) * 900";
    EXPECT_NE(error(many + " == " + many).find("steps"), std::string::npos);
    EXPECT_NE(error("set([" + tuples + "])").find("steps"), std::string::npos);
    EXPECT_NE(error("sorted([" + many + ", " + many + "])").find("steps"), std::string::npos);
    EXPECT_NE(error("str(" + many + ")").find("a text longer than"), std::string::npos);
    EXPECT_NE(error("json.dumps(" + many + ")").find("longer than"), std::string::npos);
    EXPECT_NE(error("[x for x in 'x' * 1000 if ('a ' * 100000).split()]").find("steps"), std::string::npos);
    EXPECT_NE(error("[[1] * 900000 for x in 'xx']").find("steps"), std::string::npos);
    EXPECT_NE(error("{}[str([" + many + "])[0] + 'x']").find("a text longer than"), std::string::npos);
    EXPECT_LT(error("[1].index('x' * 1000000)").size(), 400u);
}

TEST_F(AnExpression, StopsWhenItsTimeIsUp) {
    auto now = std::make_shared<std::chrono::steady_clock::time_point>();
    limits_.clock = [now] { return *now += std::chrono::milliseconds(300); };
    EXPECT_NE(error("len([x for x in 'x' * 10000])").find("longer than 1000 ms"), std::string::npos);
}

TEST_F(AnExpression, KnowsItsPlaceholders) {
    const auto expression = Expression::parse("'%(msg.a)s-x' == %(msg.b.c)s", kNames, limits_);
    EXPECT_EQ(expression.placeholders(), (std::set<std::string>{"msg.a", "msg.b.c"}));
}

// Whatever it is given, the parser answers with a tree or a SyntaxError; what it takes can be evaluated.
TEST_F(AnExpression, OfRandomBytesOrTokensNeverDoesHarm) {
    const std::vector<std::string> pieces = {"msg",    "(",     ")",         "[",          "]",
                                             "{",      "}",     ".",         ",",          ":",
                                             "'a'",    "\"",    "'",         "1",          "2.5",
                                             "+",      "-",     "*",         "//",         "%",
                                             "/",      "not ",  " in ",      " is ",       " and ",
                                             " or ",   " if ",  " else ",    " for x in ", "x",
                                             "len",    "get",   "%(msg.n)s", "==",         "<",
                                             ">=",     "|",     "&",         "None",       "True",
                                             " ",      "query", "all",       "re.match",   "json.dumps",
                                             "\\",     "\n",    "\xC3",      "str",        "fedmsg.meta.msg2agent",
                                             "**",     "_",     "join",      "split",      "'x'*",
                                             "sorted", "items", "value",     "\0"};
    std::mt19937 random(20140731);
    limits_.steps = 20'000;
    int accepted = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string source;
        const bool is_bytes = round % 4 == 0;
        for (unsigned length = random() % 12; length > 0; --length)
            source += is_bytes ? std::string(1, static_cast<char>(random())) : pieces[random() % pieces.size()];
        try {
            evaluate(source);
            ++accepted;
        } catch (const SyntaxError& failure) {
            EXPECT_LE(failure.column(), source.size() + 1);
        } catch (const EvaluationError&) {
            ++accepted;
        }
    }
    EXPECT_GT(accepted, 200);
}

}  // namespace
