// SPDX-License-Identifier: MIT
#include "flow/content_stages.h"

#include "content/hash.h"
#include "content/read.h"
#include "content/read_chunks.h"
#include "content/write.h"

#include <tbb/task_arena.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace syncline::engine {
namespace {

// Buffers: something for small files, and the stripes. With 16 MiB for small files a first copy of
// them is as fast, and needs 8 MB more.
constexpr std::int64_t base_buffer_bytes = 4 << 20;

// Each reader has one, and while all hashing workers are busy with theirs there is one to read.
// Each worker of either kind having one costs the first copy of 2 GB in four files 1.14 times the
// time: more buffers than the caches hold.
std::size_t stripes_for(Workers workers) {
  return std::max<std::size_t>(workers.io_threads, workers.threads + 1);
}

}  // namespace

std::int64_t buffer_bytes(Workers workers) {
  return base_buffer_bytes + static_cast<std::int64_t>(stripes_for(workers) * stripe_bytes);
}

ContentStages::ContentStages(const Passes& passes, Graph& graph, Settling& settling,
                             Workers workers)
    : passes_(passes),
      graph_(graph),
      settling_(settling),
      chunks_(passes, {.stripes = stripes_for(workers),
                       .workers = workers.threads,
                       .open_files = passes.any().terms.open_limits.files}),
      lanes_(graph.slots(), md5::Lanes{passes.any().terms.options.digest_backend}) {}

void ContentStages::submit(std::vector<FileTask> tasks) {
  Packed packed = pack(std::move(tasks));
  for (FileGroup& group : packed.groups) {
    const FileTask& first = group.files.front().task;
    Rank rank = rank_of(pass_of(first), first);
    submit_read(job::ReadGroup{std::move(group)}, std::move(rank));
  }
  if (packed.chunked.empty()) return;
  for (const Reading& reading : packed.chunked)
    for (const ChunkedFileRef& file : reading)
      file->access = passes_.any().source.access(*file->file.task.folder);
  chunks_.add(std::move(packed.chunked));
  start_stripes();
}

void ContentStages::start_stripes() {
  for (std::size_t left = chunks_.stripes_to_start(); left > 0; --left)
    submit_read(job::ReadStripe{}, chunks_.next_rank());
}

void ContentStages::submit_read(Job job, Rank rank) {
  Work work = graph_.make_work(Urgency::read, std::move(job));
  work.rank = std::move(rank);
  graph_.submit(work);
}

void ContentStages::perform(const Work& work, job::ReadGroup& read) {
  if (!graph_.admits_bytes(group_bytes, work)) return;
  read.group.buffer = buffers_.take(group_bytes);
  read_group(read.group);
  graph_.start_hash(std::move(read.group));
}

void ContentStages::perform(const Work& work, job::ReadStripe& read) {
  Stripe stripe = std::move(read.stripe);
  if (stripe.buffer.bytes().empty()) {
    if (!graph_.admits_bytes(stripe_bytes, work)) return;
    stripe.buffer = buffers_.take(stripe_bytes);
  }
  end_chunked(chunks_.refill(stripe));
  if (stripe.streams.empty()) {
    stripe.buffer = {};
    graph_.return_bytes(stripe_bytes);
    return;
  }
  read_stripe(stripe);
  graph_.start_hash(std::move(stripe));
}

void ContentStages::hash_and_hand_on(FileGroup& group) {
  hash(passes_, lanes(), group);
  graph_.submit(Urgency::write, job::WriteGroup{std::move(group)});
}

void ContentStages::hash_and_hand_on(Stripe& stripe) {
  hash(passes_, lanes(), stripe);
  end_chunked(chunks_.release_ended(stripe));
  Rank rank = stripe.streams.empty() ? chunks_.next_rank() : stripe.streams.front().file->rank;
  submit_read(job::ReadStripe{std::move(stripe)}, std::move(rank));
}

md5::Lanes& ContentStages::lanes() {
  return lanes_[static_cast<std::size_t>(tbb::this_task_arena::current_thread_index())];
}

// Whatever frees chunks or files for others comes by here.
void ContentStages::end_chunked(std::vector<ChunkedFileRef> done) {
  for (ChunkedFileRef& file : done)
    graph_.submit(Urgency::write, job::WriteChunked{std::move(file)});
  start_stripes();
}

void ContentStages::perform(const Work& /*work*/, job::WriteGroup& job) {
  std::vector<Outcomes> outcomes = write(passes_, job.group);
  job.group.buffer = {};
  graph_.return_bytes(group_bytes);
  auto next = outcomes.begin();
  for (Pass* const pass : passes_) hand_on(*pass, std::move(*next++));
}

void ContentStages::perform(const Work& /*work*/, job::WriteChunked& job) {
  Pass& pass = pass_of(job.file->file.task);
  hand_on(pass, write(pass, *job.file));
}

void ContentStages::perform(const Work& /*work*/, job::Publish& job) {
  publish_and_hand_on(job.group);
}

void ContentStages::publish_and_hand_on(PublishGroup& group) {
  publish_queue_.note_begun(group);
  Outcomes outcomes = publish(*group.pass, group, allowance_);
  publish_queue_.note_ended(group);
  hand_on(*group.pass, std::move(outcomes));
}

void ContentStages::hand_on(Pass& pass, Outcomes outcomes) {
  for (PublishGroup& group : publish_queue_.add(outcomes)) {
    if (group.method == filesystem::FlushMethod::none)
      publish_and_hand_on(group);
    else
      graph_.submit(Urgency::publish, job::Publish{std::move(group)});
  }
  submit(std::move(outcomes.again));
  submit_held(std::move(outcomes.held));
  for (Held<Finished>& held : outcomes.held_finished) {
    PublishGroup group = publish_queue_.alone(std::move(held.what));
    graph_.submit_at(held.when, Urgency::publish, job::Publish{std::move(group)});
  }
  graph_.record(pass, std::move(outcomes.events), static_cast<std::int64_t>(outcomes.over.size()),
                std::move(outcomes.edits));
  settling_.end_folders(std::move(outcomes.over));
}

// Together, when the first of them is asked for again.
void ContentStages::submit_held(std::vector<Held<FileTask>> held) {
  if (held.empty()) return;
  auto when = held.front().when;
  job::ReadHeld job;
  for (Held<FileTask>& each : held) {
    when = std::min(when, each.when);
    job.tasks.push_back(std::move(each.what));
  }
  graph_.submit_at(when, Urgency::read, std::move(job));
}

void ContentStages::perform(const Work& /*work*/, job::ReadHeld& job) {
  submit(std::move(job.tasks));
}

std::vector<Work> ContentStages::take_rest() {
  std::vector<Work> rest;
  for (PublishGroup& group : publish_queue_.take())
    rest.push_back(graph_.make_work(Urgency::publish, job::Publish{std::move(group)}));
  return rest;
}

// It joins the graph before it takes anything out of the queue, or else that could end between.
bool ContentStages::publish_due(const std::stop_token& over) {
  if (!publish_queue_.wait_until_due(over)) return false;
  const bool is_in = graph_.join([&] {
    for (PublishGroup& group : publish_queue_.take_due()) publish_and_hand_on(group);
  });
  if (!is_in) std::this_thread::yield();  // the last body takes all
  return true;
}

void ContentStages::flush(Folder& root, std::vector<Event>& events) {
  publish_queue_.flush_all(root, events);
}

}  // namespace syncline::engine
