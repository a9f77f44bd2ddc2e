// Prints the results of several runs as a table: table.mjs SUITE-FOLDER NAME=RESULTS.JSON …
import { readFileSync } from 'node:fs'

const [folder, ...runs] = process.argv.slice(2)
const suites = (await import(`${folder}/tests/index.mjs`)).default
const columns = runs.map(run => {
  const [name, file] = run.split('=')
  return { name, results: JSON.parse(readFileSync(file)) }
})
const kinds = { required: 'required', optimal: 'optimal', check: 'only looked at' }
const all = suites.flatMap(suite => suite.tests.filter(test => !test.browser_only).map(test => ({ ...test, suite: suite.name, kind: test.kind ?? 'required' })))

// What a test needs to hold before it says anything.
const isFounded = (test, results) => (test.depends_on ?? []).every(id => results[id] === true)
const count = (tests, results) => {
  const told = tests.filter(test => results[test.id] !== undefined && isFounded(test, results))
  return `${told.filter(test => results[test.id] === true).length} of ${told.length}`
}

for (const [kind, title] of Object.entries(kinds)) {
  console.log(`\n| ${title} | ${columns.map(column => column.name).join(' | ')} |\n|---|${columns.map(() => '---').join('|')}|`)
  for (const suite of suites) {
    const tests = all.filter(test => test.suite === suite.name && test.kind === kind)
    if (tests.length > 0) {
      console.log(`| ${suite.name} | ${columns.map(column => count(tests, column.results)).join(' | ')} |`)
    }
  }
  console.log(`| all | ${columns.map(column => count(all.filter(test => test.kind === kind), column.results)).join(' | ')} |`)
}

const [direct, plain] = columns
const altered = all.filter(test => (direct.results[test.id] === true) !== (plain.results[test.id] === true))
console.log(`\n${plain.name} differs from ${direct.name} in ${altered.length} tests:`)
altered.forEach(test => console.log(`- ${test.id}: ${direct.name} ${JSON.stringify(direct.results[test.id])}, ${plain.name} ${JSON.stringify(plain.results[test.id])}`))
for (const { name, results } of columns.slice(2)) {
  console.log(`\nrequired and failed, ${name}:`)
  all.filter(test => test.kind === 'required' && results[test.id] !== true && results[test.id] !== undefined && isFounded(test, results))
    .forEach(test => console.log(`- ${test.id}: ${results[test.id].join(': ')}`))
}
