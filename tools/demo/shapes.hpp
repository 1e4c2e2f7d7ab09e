// The messages of the demo's services. In a shape stand: $u a user, $p a package, $v a version, $n a small number, $h a
// commit id, $a an architecture, $d seconds since the epoch, $b true or false, $s a short sentence, $t a text of some
// hundred to some thousand bytes, $L a list of packages.
#pragma once

#include <string_view>

namespace fedmsg::demo {

struct Shape {
    std::string_view topic;
    std::string_view msg;
};

// clang-format off
inline constexpr Shape kShapes[] = {
    {"git.receive", R"({"commit":{"rev":"$h","repo":"$p","branch":"main","username":"$u","name":"$u","email":"$u@example.org","summary":"$s","message":"$t","stats":{"files":{"$p.spec":{"additions":$n,"deletions":$n,"lines":$n}},"total":{"additions":$n,"deletions":$n,"files":$n,"lines":$n}}}})"},
    {"git.branch", R"({"agent":"$u","name":"$p","branch":"f$n","rev":"$h","comment":"$t"})"},
    {"git.lookaside.new", R"({"agent":"$u","name":"$p","filename":"$p-$v.tar.gz","md5sum":"$h","path":"/repo/pkgs/$p/$p-$v.tar.gz/$h","note":"$t"})"},
    {"git.pull-request.new", R"({"agent":"$u","pullrequest":{"id":$n,"title":"$s","branch":"main","branch_from":"$u-fix","status":"Open","date_created":"$d","initial_comment":"$t","project":{"name":"$p","user":{"name":"$u"}},"comments":[]}})"},
    {"buildsys.build.state.change", R"({"attribute":"state","build_id":$d,"epoch":null,"instance":"primary","name":"$p","new":1,"old":0,"owner":"$u","release":"$n.f$n","version":"$v","task_id":$d,"request":["git://git.example.org/$p#$h","f$n",{}],"log":"$t"})"},
    {"buildsys.task.state.change", R"({"id":$d,"method":"buildArch","owner":"$u","new":"CLOSED","old":"OPEN","srpm":"$p-$v-$n.src.rpm","info":{"arch":"$a","channel_id":$n,"host_id":$n,"weight":1.5,"children":[],"request":["$p","$a",$b],"result":"$t"}})"},
    {"buildsys.tag", R"({"build_id":$d,"instance":"primary","name":"$p","owner":"$u","release":"$n.f$n","tag":"f$n-updates-candidate","tag_id":$n,"user":"$u","version":"$v","others":$L})"},
    {"buildsys.untag", R"({"build_id":$d,"instance":"primary","name":"$p","owner":"$u","release":"$n.f$n","tag":"f$n-build","tag_id":$n,"user":"$u","version":"$v","reason":"$t"})"},
    {"buildsys.repo.done", R"({"instance":"$a","repo_id":$d,"tag":"f$n-build","tag_id":$n,"seconds":$n,"changed":$L,"log":"$t"})"},
    {"buildsys.rpm.sign", R"({"build":{"id":$d,"nvr":"$p-$v-$n.f$n","owner":"$u"},"rpms":[{"arch":"$a","name":"$p","size":$d},{"arch":"$a","name":"$p-devel","size":$d}],"sigkey":"$h","sighash":"$h","note":"$t"})"},
    {"updates.comment", R"({"agent":"$u","comment":{"author":"$u","anonymous":$b,"karma":1,"timestamp":$d,"text":"$t","update_title":"$p-$v-$n.f$n","bug_feedback":[],"testcase_feedback":[]}})"},
    {"updates.request.testing", R"({"agent":"$u","update":{"title":"$p-$v-$n.f$n","alias":"UPDATE-$n","status":"pending","request":"testing","type":"bugfix","karma":$n,"critpath":$b,"notes":"$t","builds":[{"epoch":0,"nvr":"$p-$v-$n.f$n"}],"bugs":[{"bug_id":$d,"title":"$s"}]}})"},
    {"updates.request.stable", R"({"agent":"$u","update":{"title":"$p-$v-$n.f$n","alias":"UPDATE-$n","status":"testing","request":"stable","type":"enhancement","karma":$n,"critpath":$b,"notes":"$t","builds":[{"epoch":0,"nvr":"$p-$v-$n.f$n"}],"bugs":[]}})"},
    {"updates.edit", R"({"agent":"$u","new_bugs":[$d,$d],"update":{"title":"$p-$v-$n.f$n","status":"testing","notes":"$t","autokarma":$b,"stable_karma":3,"unstable_karma":-3}})"},
    {"updates.complete.stable", R"({"update":{"title":"$p-$v-$n.f$n","submitter":"$u","status":"stable","date_pushed":"$d","notes":"$t","builds":[{"nvr":"$p-$v-$n.f$n"}],"release":{"name":"F$n","version":"$n"}}})"},
    {"updates.override.tag", R"({"agent":"$u","override":{"build":"$p-$v-$n.f$n","submitter":"$u","expiration_date":$d,"notes":"$t"}})"},
    {"updates.mashtask.complete", R"({"repo":"f$n-updates","success":$b,"agent":"$u","packages":$L,"report":"$t"})"},
    {"wiki.article.edit", R"({"title":"Packaging/$p","user":"$u","minor_edit":$b,"page_url":"https://wiki.example.org/Packaging/$p","url":"https://wiki.example.org/?diff=$d","summary":"$s","text":"$t","revision":{"id":$d,"parent":$d,"timestamp":"$d"}})"},
    {"wiki.upload.complete", R"({"file_exists":$b,"mime":"image/png","major_mime":"image","minor_mime":"png","size":$d,"title":{"mPrefixedText":"File:$p.png"},"url":"/w/uploads/$p.png","user_text":"$u","description":"$t"})"},
    {"pkgdb.acl.update", R"({"acl":"commit","agent":"$u","status":"Approved","previous_status":"Awaiting Review","username":"$u","package_listing":{"package":{"name":"$p","summary":"$s","description":"$t","upstream_url":"https://$p.example.org/"},"collection":{"name":"Distribution","version":"$n","branchname":"main"},"point_of_contact":"$u"}})"},
    {"pkgdb.owner.update", R"({"agent":"$u","previous_owner":"$u","username":"$u","package_listing":{"package":{"name":"$p","summary":"$s","review_url":null,"description":"$t"},"status":"Approved","critpath":$b}})"},
    {"pkgdb.package.new", R"({"agent":"$u","package_name":"$p","package_listing":{"package":{"name":"$p","summary":"$s","description":"$t","monitor":$b},"point_of_contact":"$u","status_change":$d}})"},
    {"accounts.user.create", R"({"agent":"$u","user":{"username":"$u","human_name":"$u","creation":"$d","status":"active","timezone":"UTC","greeting":"$t"}})"},
    {"accounts.user.update", R"({"agent":"$u","user":"$u","fields":["email","timezone","locale"],"reason":"$t"})"},
    {"accounts.group.member.apply", R"({"agent":"$u","group":"packager","user":"$u","sponsored":$b,"application":"$t"})"},
    {"meetings.meeting.start", R"({"chairs":{"$u":true,"$u":true},"channel":"#meeting","meeting_topic":"$s","owner":"$u","agenda":"$t","details":{"time_":$d}})"},
    {"meetings.meeting.complete", R"({"chairs":{"$u":true},"channel":"#meeting","attendees":{"$u":$n,"$u":$n,"$u":$n},"url":"https://meetings.example.org/$d","meeting_topic":"$s","minutes":"$t","details":{"time_":$d}})"},
    {"compose.nightly.start", R"({"branch":"nightly","arch":"$a","compose_id":"Nightly-$d","agent":"$u","plan":"$t"})"},
    {"compose.nightly.complete", R"({"branch":"nightly","arch":"$a","compose_id":"Nightly-$d","status":"FINISHED","added":$L,"dropped":$L,"log":"$t"})"},
    {"copr.build.start", R"({"build":$d,"chroot":"f$n-$a","copr":"$p","user":"$u","owner":"$u","pkg":"$p","version":"$v","ip":"192.0.2.$n","pid":$d,"status":3,"what":"$t"})"},
    {"copr.build.end", R"({"build":$d,"chroot":"f$n-$a","copr":"$p","user":"$u","owner":"$u","pkg":"$p","version":"$v","ip":"192.0.2.$n","pid":$d,"status":1,"what":"$t"})"},
    {"ask.post.edit", R"({"post":{"author":["$u"],"id":$d,"post_type":"question","vote_up_count":$n,"vote_down_count":0,"text":"$t","thread":{"title":"$s","tagnames":["$p","boot"],"view_count":$n}},"question_id":$d,"agent":["$u"]})"},
    {"tagger.tag.create", R"({"tag":{"package":"$p","tag":"$u","votes":$n,"like":$n,"dislike":0,"total":$n},"vote":{"like":$b,"user":{"username":"$u","votes":$n,"rank":-1,"anonymous":false}},"user":{"username":"$u","votes":$n,"rank":-1,"anonymous":false},"note":"$t"})"},
    {"tagger.rating.update", R"({"rating":{"package":"$p","rating":$n,"user":{"username":"$u","votes":$n,"rank":$n,"anonymous":$b}},"note":"$t"})"},
    {"planet.post.new", R"({"face":"https://planet.example.org/heads/$u.png","name":"$u","username":"$u","post":{"title":"$s","link":"https://$u.example.org/$d","author":"$u","summary":"$t","published_parsed":[2026,$n,$n,$n,$n,$n,2,100,0]}})"},
    {"tickets.ticket.new", R"({"instance":{"environment":"infrastructure","version":"$v"},"ticket":{"id":$n,"owner":"$u","reporter":"$u","milestone":"","priority":"minor","status":"new","summary":"$s","description":"$t","time":$d}})"},
    {"tickets.ticket.update", R"({"author":"$u","comment":"$t","instance":{"environment":"infrastructure","version":"$v"},"old_values":{"status":"new","owner":"$u"},"ticket":{"id":$n,"owner":"$u","reporter":"$u","status":"assigned","summary":"$s","time":$d}})"},
    {"monitoring.release.new", R"({"agent":"$u","distro":null,"project":{"name":"$p","homepage":"https://$p.example.org/","backend":"PyPI","version":"$v","versions":["$v","$v","$v"],"created_on":$d},"message":{"old_version":"$v","upstream_version":"$v","packages":[{"distro":"Example","package_name":"$p"}],"changes":"$t"}})"},
    {"ci.build.passed", R"({"build":"$n","project":"$p","url":"https://ci.example.org/job/$p/$n/","duration":$d,"commit":"$h","tests":{"passed":$n,"failed":0,"skipped":$n},"log":"$t"})"},
    {"ci.build.failed", R"({"build":"$n","project":"$p","url":"https://ci.example.org/job/$p/$n/","duration":$d,"commit":"$h","tests":{"passed":$n,"failed":$n,"skipped":$n},"blame":["$u"],"log":"$t"})"},
};
// clang-format on

}  // namespace fedmsg::demo
