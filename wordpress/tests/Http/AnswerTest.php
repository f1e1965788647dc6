<?php

namespace RunCloudRelay\Tests\Http;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Http\Answer;
use RunCloudRelay\Http\Response;

final class AnswerTest extends TestCase {
	/** WordPress refuses to write a row with half a character: the event would never be settled. */
	public function testKeepsANoteThatIsCutWhole(): void {
		$detail = str_repeat( 'x', 179 ) . '’s';
		$note = Answer::of( new Response( 503, (string) json_encode( compact( 'detail' ) ) ), 0 )->note;
		self::assertSame( 'HTTP 503: ' . str_repeat( 'x', 179 ), $note );
	}
}
